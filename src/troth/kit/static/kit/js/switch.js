// The theme switch: as the system, light, dark, and round again.
import { remember } from "./memory.js";

const STEPS = [
  [undefined, "as the system", "contrast"],
  ["light", "light", "sun"],
  ["dark", "dark", "moon"],
];

function show(button) {
  const theme = document.documentElement.dataset.theme;
  const [, words, icon] = STEPS.find(([name]) => name === theme) ?? STEPS[0];
  button.setAttribute("aria-label", `Colours: ${words}`);
  button.title = `Colours: ${words}`;
  button.querySelector("use")?.setAttribute("href", `#i-${icon}`);
}

export function start() {
  const buttons = document.querySelectorAll("[data-theme-switch]");
  buttons.forEach(show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-switch]")) return;
    const root = document.documentElement;
    const at = STEPS.findIndex(([name]) => name === root.dataset.theme);
    const [next] = STEPS[(at + 1) % STEPS.length];
    if (next) root.dataset.theme = next;
    else delete root.dataset.theme;
    if (root.dataset.keep !== "server") remember("theme", next ?? null);
    document.dispatchEvent(new CustomEvent("kit:theme", { detail: next ?? "" }));
    buttons.forEach(show);
  });
}
