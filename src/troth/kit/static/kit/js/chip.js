// Opens a clause beside its chip. Without this module a chip is a link to the policy.
let panel;
let chip;

function make() {
  panel = document.createElement("div");
  panel.id = "chip-panel";
  panel.className = "chip-panel";
  panel.popover = "auto";
  panel.tabIndex = -1;
  panel.setAttribute("role", "dialog");
  panel.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    chip?.setAttribute("aria-expanded", String(open));
    if (!open && (panel.contains(document.activeElement) || document.activeElement === document.body)) {
      chip?.focus();
    }
  });
  // Clause cards link into the policy, where the panel would be in the way.
  panel.addEventListener("click", (event) => {
    if (event.target.closest("a[href]")) panel.hidePopover();
  });
}

function put() {
  if (matchMedia("(max-width: 40rem)").matches) {
    panel.style.inset = "";
    return;
  }
  const at = chip.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const x = Math.max(16, Math.min(at.left, innerWidth - width - 16));
  const below = at.bottom + 6;
  const y = below + height > innerHeight - 16 ? Math.max(16, at.top - height - 6) : below;
  panel.style.inset = `${y}px auto auto ${x}px`;
}

async function open(link) {
  if (!panel) make();
  if (panel.matches(":popover-open")) panel.hidePopover();
  chip = link;
  // Inside an open dialog the panel has to live there, or it could not be reached.
  (link.closest("dialog") ?? document.body).append(panel);
  panel.setAttribute("aria-label", link.textContent.trim());
  panel.replaceChildren(Object.assign(document.createElement("p"), { className: "loading", textContent: "Loading…" }));
  panel.showPopover();
  put();
  panel.focus();
  try {
    await window.htmx.ajax("GET", link.dataset.card, { target: panel, swap: "innerHTML", source: panel });
  } finally {
    if (panel.querySelector(".chip-card")) put();
    else location.assign(link.href); // the card did not come: the policy page has the text
  }
}

export function start() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.chip[data-card]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!window.htmx || !("popover" in HTMLElement.prototype)) return;
    event.preventDefault();
    if (link === chip && panel?.matches(":popover-open")) panel.hidePopover();
    else open(link);
  });
}
