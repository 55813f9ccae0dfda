// What this tab remembers, once it was opened and no sooner: the chat's secret and what waits to be
// sent. Where storage is shut off the chat lasts as long as the page.
const KEY = `troth.chat ${BASE}`;
const kept = { open: false, ref: "", secret: "", opening: null, queue: [], last: 0, seen: 0, over: false };

function recall() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY));
    if (found) Object.assign(kept, found);
    return Boolean(found);
  } catch {
    return false;
  }
}

function remember() {
  try {
    const { last, ...rest } = kept; // messages are fetched anew after a reload
    sessionStorage.setItem(KEY, JSON.stringify({ ...rest, last: 0 }));
  } catch {
    // Then it holds for this page only.
  }
}

function forget() {
  Object.assign(kept, { ref: "", secret: "", opening: null, queue: [], last: 0, seen: 0, over: false });
  remember();
}
