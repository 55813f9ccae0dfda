// Ready-made replies: a slash and letters bring up a list; Enter or Tab puts one in.
const WORD = /(?:^|\s)\/([\w-]*)$/u;

let box = null;
let begins = -1;

const list = () => document.getElementById(box?.dataset.canned ?? "");
const options = () => [...(list()?.children ?? [])].filter((one) => !one.hidden);

function close() {
  const all = list();
  if (all) all.hidden = true;
  box?.removeAttribute("aria-activedescendant");
  begins = -1;
}

function choose(at) {
  const all = options();
  const chosen = all[(at + all.length) % all.length];
  for (const one of all) one.setAttribute("aria-selected", String(one === chosen));
  box.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function open(word) {
  const all = list();
  if (!all) return;
  const wanted = word.toLowerCase();
  let many = 0;
  for (const one of all.children) {
    const { short, text } = one.dataset;
    one.hidden = !(short.toLowerCase().startsWith(wanted) || (wanted.length > 2 && text.toLowerCase().includes(wanted)));
    many += one.hidden ? 0 : 1;
  }
  if (!many) return close();
  all.hidden = false;
  box.setAttribute("aria-controls", all.id);
  box.setAttribute("aria-autocomplete", "list");
  choose(0);
}

function put(option) {
  const end = box.selectionStart;
  box.setRangeText(option.dataset.text, begins, end, "end");
  close();
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function look(event) {
  if (!event.target.matches?.("textarea[data-canned]")) return;
  box = event.target;
  const found = box.value.slice(0, box.selectionStart).match(WORD);
  if (!found) return close();
  begins = box.selectionStart - found[1].length - 1;
  open(found[1]);
}

function press(event) {
  if (begins < 0 || event.target !== box || list()?.hidden) return;
  const at = options().findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(at + (event.key === "ArrowDown" ? 1 : -1));
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") put(options()[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function start() {
  document.addEventListener("input", look);
  document.addEventListener("keydown", press, true);
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.(".canned [role=option]");
    if (!option || !box) return;
    event.preventDefault();
    put(option);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === box) close();
  });
}
