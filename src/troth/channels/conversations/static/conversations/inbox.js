// The inbox. Everything works without this; it adds drafts, ready-made replies, live news, notices.
import * as canned from "./inbox-canned.js";
import * as drafts from "./inbox-drafts.js";
import * as live from "./inbox-live.js";
import * as notices from "./inbox-notices.js";

const talk = () => document.getElementById("talk");
const warned = () => document.querySelector(".talk [data-focus]");
let newest = 0; // of the conversation that stands open

// The newest is what counts, unless the address or a warning names something else.
function settle() {
  const warning = warned();
  if (warning) {
    warning.focus();
    warning.scrollIntoView({ block: "nearest" });
    return;
  }
  if (location.hash.startsWith("#m")) return;
  const box = talk()?.querySelector("[data-scroll]");
  if (!box) return;
  box.scrollTop = box.scrollHeight;
  if (matchMedia("(max-width: 60rem)").matches) scrollTo(0, document.documentElement.scrollHeight);
}

// A part of a page that htmx brings: a refused change comes with the page as it now stands.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (!target?.closest?.("#main") || xhr.status < 400) return;
  if (xhr.responseText.includes('id="talk"')) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else if (xhr.status < 500 && event.detail.requestConfig.verb === "post") {
    location.reload();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.elt;
  if (swapped.id === "talk" || swapped.id === "main") {
    drafts.restore();
    settle();
    live.attend();
    const writes = event.detail.requestConfig?.path?.includes("/write");
    if (writes && !warned()) document.getElementById("text")?.focus();
    else if (document.activeElement === document.body) talk()?.focus({ preventScroll: true });
    newest = Number(document.getElementById("thread")?.dataset.newest ?? 0);
    say([...document.querySelectorAll("#talk .toast p")].map((one) => one.textContent).join(" "));
  }
  if (swapped.id === "thread") {
    live.caughtUp();
    const last = swapped.lastElementChild;
    const seq = Number(swapped.dataset.newest);
    if (seq > newest && last?.matches(".said-person")) say(`New message: ${last.querySelector(".said-head strong").textContent}`);
    newest = Math.max(newest, seq);
  }
  mark();
});

// What changed is said as well as shown.
function say(words) {
  const place = document.getElementById("inbox-said");
  if (place && words) place.textContent = words;
}

// The list comes anew without knowing which conversation stands open beside it.
function mark() {
  for (const link of document.querySelectorAll("#inbox-list .item-head a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// What stays when the list comes anew: the boxes ticked, and the subjects that were opened with it.
let chosen = [];
let subjects = new Map();
let filters = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "inbox-list") return;
  const rows = [...document.querySelectorAll(".talk-row")];
  const ref = (row) => row.querySelector("input").value;
  chosen = rows.filter((row) => row.querySelector("input").checked).map(ref);
  subjects = new Map(rows.map((row) => [ref(row), row.querySelector(".talk-subject")]));
  filters = document.querySelector(".pane-filters")?.open ?? false;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const box of document.querySelectorAll(".talk-row > input")) {
    if (chosen.includes(box.value)) box.checked = true;
    const kept = subjects.get(box.value);
    if (kept && !kept.isConnected) box.parentElement.querySelector(".item-head").after(kept);
  }
  const list = document.querySelector(".pane-filters");
  if (list && filters) list.open = true;
  [chosen, subjects, filters] = [[], new Map(), false];
});

// Answer or note: the words of the field, and the cursor in it.
function kind(radio) {
  const text = document.getElementById("text");
  if (!text) return;
  text.dataset.placeholder ??= text.placeholder;
  text.placeholder = radio.value === "note" ? text.dataset.notePlaceholder : text.dataset.placeholder;
  const then = document.getElementById("then");
  if (then) then.hidden = radio.value === "note";
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches?.("[data-kind]")) {
    kind(target);
    document.getElementById("text")?.focus();
  } else if (target.closest?.("[data-choose-all]")) {
    const boxes = [...document.querySelectorAll(".talk-row > input")];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  }
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!menu.contains(target) || target.closest("li")) menu.open = false;
  }
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".pane-filters[open]")) document.getElementById("f-q")?.focus();
}, true);

document.addEventListener("change", (event) => {
  if (!event.target.matches?.(".attach-input")) return;
  const many = event.target.files.length;
  const label = event.target.closest(".attach").querySelector("[data-files-label]");
  label.textContent = many ? `${many} ${many === 1 ? "file" : "files"}` : "Attach";
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.more[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.target.matches?.("#text") && !event.defaultPrevented) {
      event.target.blur();
    }
  }
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.(".composer");
  const send = form?.querySelector("[data-send]");
  if (!send || form.classList.contains("htmx-request")) return;
  event.preventDefault();
  form.requestSubmit(send);
});

canned.start();
drafts.start();
notices.start();
live.start();
settle();
