// Sends what is written into an order while somebody writes, so that a page reloaded loses nothing.
const form = document.querySelector("[data-keep-order]")?.closest("form");
const WAIT = 300;
let due;

function send() {
  clearTimeout(due);
  due = undefined;
  const { keepOrder: url } = form.querySelector("[data-keep-order]").dataset;
  fetch(url, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
}

form?.addEventListener("input", () => {
  clearTimeout(due);
  due = setTimeout(send, WAIT);
});
form?.addEventListener("submit", () => clearTimeout(due));
addEventListener("pagehide", () => {
  if (due) send();
});
