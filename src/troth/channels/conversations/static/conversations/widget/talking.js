// What is said: opening the chat, what waits to be sent, and what comes in.

// One at a time: what is refused for a moment must not be overtaken by what comes after it.
function flush() {
  if (!kept.ref) return open();
  const next = kept.queue[0];
  if (!next || next.sent || !line || !line.there()) return;
  next.sent = true;
  line.send({ t: "send", id: next.id, text: next.text });
}

async function open() {
  if (open.busy || !kept.opening) return;
  open.busy = true;
  try {
    const { ref } = await ask("/chat/open", { body: kept.opening });
    Object.assign(kept, { ref, secret: kept.opening.secret, opening: null });
    retry = 0;
    remember();
    begin();
  } catch (refused) {
    if (refused.lost) {
      tell(say("connecting"));
      clearTimeout(waits);
      waits = setTimeout(open, Math.min(10000, 500 * 2 ** retry++));
    } else back(refused);
  }
  open.busy = false;
}
addEventListener("online", () => kept.opening && open());

// The chat was not opened: what was written goes back to where it was written.
function back(refused) {
  const { id, text } = kept.opening;
  thread.drop(id);
  kept.opening = null;
  remember();
  box.value = text;
  hint.textContent = [refused.title, refused.detail].filter(Boolean).join(" ");
  if (refused.outdated || refused.status === 422) {
    thread = null;
    given = null;
    look();
  }
}

function begin() {
  if (line || !kept.ref) return;
  clip.disabled = false;
  line = linking(now.live, hear, (how) => {
    if (how === "waiting") {
      kept.queue.forEach((one) => delete one.sent);
      clearTimeout(waits);
      waits = setTimeout(flush, 2000);
    } else flush();
    state();
  });
  line.connect();
  refresh();
}

function hear(frame) {
  if (frame.t === "messages") took(frame);
  else if (frame.t === "ack") stored(frame);
  else if (frame.t === "welcome") {
    now.online = frame.staff;
    kept.queue.forEach((one) => delete one.sent);
    if (frame.read) thread.seen(frame.read);
    read();
    flush();
    refresh();
  } else if (frame.t === "typing") {
    clearTimeout(told);
    told = setTimeout(() => ((told = 0), state()), 6000);
  } else if (frame.t === "read") now.read_marks && frame.side !== "person" && thread.seen(frame.seq);
  else if (frame.t === "presence") now.online = frame.online;
  else if (frame.t === "state") {
    if (frame.kind === "files") line.send({ t: "since", after: (kept.last = 0) }); // one was scanned
    refresh();
  }
  else if (frame.t === "error") wrong(frame);
  state();
}

function took({ after, seq, items }) {
  if (after > kept.last) return line.send({ t: "since", after: kept.last });
  if (seq <= kept.last) return;
  for (const item of items) {
    if (item.seq <= kept.last) continue;
    thread.put(item);
    sent(item.id);
    if (item.side === "system" || (item.side === "staff" && standing && !standing.copy)) refresh();
    if (item.side === "staff") {
      clearTimeout(told);
      told = 0;
      if ((!dialog.open || document.hidden) && item.seq > kept.seen) unread++;
    }
  }
  kept.last = seq;
  badge();
  read();
}

function stored(frame) {
  const mine = thread.get(frame.id);
  if (mine) {
    const masked = frame.masked && frame.masked.length ? frame.masked : mine.item.masked;
    thread.put({ ...mine.item, seq: frame.seq, at: frame.at, text: frame.text || mine.item.text, masked });
    if (frame.masked && frame.masked.length) hint.textContent = advice(frame.masked);
  }
  sent(frame.id);
  if (frame.after === kept.last) kept.last = frame.seq;
  else if (frame.after > kept.last) line.send({ t: "since", after: kept.last });
}

function sent(id) {
  kept.queue = kept.queue.filter((one) => one.id !== id);
  remember();
  flush();
}

function wrong(frame) {
  if (frame.code === "ConversationMissing") return leave(); // erased, or long over
  if (frame.code === FAST) {
    // Too much at once: it is sent in a moment.
    if (kept.queue[0]) delete kept.queue[0].sent;
    clearTimeout(waits);
    waits = setTimeout(flush, 500);
    return;
  }
  if (frame.id && thread.get(frame.id)) {
    thread.put({ ...thread.get(frame.id).item, failed: true });
    sent(frame.id);
  }
  hint.textContent = [frame.what, frame.why, frame.do].filter(Boolean).join(" ");
  refresh();
}

function read() {
  if (line && dialog.open && !document.hidden && kept.last > kept.seen) {
    kept.seen = kept.last;
    if (now.read_marks) line.send({ t: "read", seq: kept.last });
  }
}
document.addEventListener("visibilitychange", read);

function badge() {
  count.hidden = !unread;
  count.textContent = unread ? say("unread", unread) : "";
  news.textContent = unread ? say("unread", unread) : "";
}
