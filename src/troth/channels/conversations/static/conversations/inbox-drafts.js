// What was typed and not sent stays with this tab, and goes when it was sent or on logging out.
const PREFIX = "inbox.draft.";

function store(work) {
  try {
    return work(sessionStorage);
  } catch {
    return null; // Then it holds for this page only.
  }
}

const key = (form) => PREFIX + form.dataset.draft;
const field = (form) => form.querySelector("textarea[name=text]");

export function restore() {
  const form = document.querySelector("[data-draft]");
  if (!form || field(form).value) return;
  const kept = store((all) => all.getItem(key(form)));
  if (kept) field(form).value = kept;
}

function forget() {
  store((all) => {
    for (const name of Object.keys(all)) if (name.startsWith(PREFIX)) all.removeItem(name);
  });
}

export function start() {
  restore();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-draft]");
    if (!form || event.target !== field(form)) return;
    // What must not be sent is not kept either: without its rules nothing is.
    const words = window.trothBlot?.(event.target.value) ?? "";
    store((all) => (words ? all.setItem(key(form), words) : all.removeItem(key(form))));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig?.elt;
    if (event.detail.xhr.status < 400 && form?.matches?.("[data-draft]")) store((all) => all.removeItem(key(form)));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.action?.endsWith("/logout")) forget();
  });
}
