// Shortcuts from the page itself: data-key="g i" on a link, "/" on a search field, "e" on a button.
// j and k walk the links of [data-walk]. Never while typing; can be turned off (WCAG 2.1.4).
import { recall, remember } from "./memory.js";

const PAUSE = 1000;
let typed = "";
let last = 0;

const typing = (target) =>
  target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select");

const shown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;

function act(element) {
  if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-walk] a.walk, [data-walk] .row-link, [data-walk] .item-head a")].filter(shown);
  if (!links.length) return;
  let at = links.indexOf(document.activeElement);
  if (at < 0) at = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, at + step));
  links[next].focus();
}

function press(event) {
  if (recall("keys") === "off" && event.key !== "?") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.key.length !== 1) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const fresh = event.timeStamp - last < PAUSE ? typed : "";
  last = event.timeStamp;
  const all = [...document.querySelectorAll("[data-key]")];
  for (const keys of [fresh && `${fresh} ${event.key}`, event.key].filter(Boolean)) {
    // A part of the rail is folded away on a phone, and can still be gone to.
    const found = all.find((element) => element.dataset.key === keys && (shown(element) || element.closest("[popover]")));
    if (found) {
      event.preventDefault();
      typed = "";
      act(found);
      return;
    }
    if (all.some((element) => element.dataset.key.startsWith(`${keys} `))) {
      typed = keys;
      return;
    }
  }
  typed = "";
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
}

function row(keys, words) {
  const dt = document.createElement("dt");
  keys.split(" ").forEach((key, at) => {
    if (at) dt.append(" ");
    dt.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  });
  return [dt, Object.assign(document.createElement("dd"), { textContent: words })];
}

function list(box) {
  const found = new Map([["?", "This help"]]);
  for (const element of document.querySelectorAll("[data-key]")) {
    const words = element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? element.textContent.trim();
    if (!found.has(element.dataset.key)) found.set(element.dataset.key, words);
  }
  if (document.querySelector("[data-walk]")) found.set("j k", "Next and previous in the list");
  box.replaceChildren(...[...found].flatMap(([keys, words]) => row(keys, words)));
}

export function start() {
  const box = document.querySelector("[data-keys]");
  // Parts of a page come and go, so what there is gets listed when it is asked for.
  if (box) document.addEventListener("click", (event) => event.target.closest?.('[data-dialog="keys"]') && list(box), true);
  const on = document.querySelector("[data-keys-on]");
  if (on) {
    on.checked = recall("keys") !== "off";
    on.addEventListener("change", () => remember("keys", on.checked ? null : "off"));
  }
  document.addEventListener("keydown", press);
}
