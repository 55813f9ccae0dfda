// Conveniences of forms: busy buttons, one submission at a time, characters left, focus on errors.
const format = new Intl.NumberFormat("en");

function count(box) {
  const note = document.querySelector(`[data-remaining="${CSS.escape(box.id)}"]`);
  if (!note) return;
  const left = Number(box.dataset.limit) - box.value.length;
  const many = Math.abs(left) === 1 ? "character" : "characters";
  note.textContent = left < 0 ? `${format.format(-left)} ${many} too many` : `${format.format(left)} ${many} left`;
  note.toggleAttribute("data-over", left < 0);
}

function busy(form, button) {
  form.dataset.sent = "";
  // An answer that is a file leaves the page standing: let it be sent again after a while.
  setTimeout(() => ready(form), 8000);
  if (!button?.dataset.busy) return;
  button.dataset.words = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-busy", "true");
}

function ready(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.textContent = button.dataset.words ?? button.textContent;
    button.removeAttribute("aria-busy");
  }
}

export function start() {
  document.addEventListener("input", (event) => {
    if (event.target.dataset?.limit) count(event.target);
  });
  document.querySelectorAll("[data-limit]").forEach(count);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if ("sent" in form.dataset) event.preventDefault();
    else busy(form, event.submitter);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) ready(form);
  });
  // A page that comes back from history comes back with its buttons pressed.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(ready));
  document.querySelector("[data-focus]")?.focus();
}
