// The settings as a dialog, and a choice that acts without loading the page anew. Without this
// script the same buttons lead to the page of cookies. Parts that depend on the choice listen for
// `cookies:chosen` on the document; its detail has the categories that were accepted.
const channel = "BroadcastChannel" in window ? new BroadcastChannel("cookies") : null;

function say(words) {
  const box = document.getElementById("toasts");
  if (!box) return;
  const toast = document.createElement("div");
  toast.className = "toast good";
  const text = document.createElement("p");
  text.textContent = words;
  toast.append(text);
  box.append(toast);
  setTimeout(() => toast.remove(), 6000);
}

function forget(names) {
  // What a script of another made here is ours to remove as well.
  for (const name of names) document.cookie = `${name}=; Max-Age=0; Path=/`;
}

function arrange(theme) {
  const body = new URLSearchParams({ theme });
  return fetch("/cookies/arrangement", { method: "POST", body, keepalive: true });
}

function keep(where) {
  const root = document.documentElement;
  if (!root.dataset.keep || root.dataset.keep === where) return;
  root.dataset.keep = where;
  // What was set up before the yes is kept by it too; what was kept goes with the yes.
  if (where === "server" && root.dataset.theme) arrange(root.dataset.theme);
}

function holds({ accepted, removed, kept }) {
  forget(removed);
  keep(kept);
  for (const bar of document.querySelectorAll("[data-cookie-bar]")) {
    const within = bar.contains(document.activeElement);
    bar.remove();
    if (within) document.getElementById("main")?.focus({ preventScroll: true });
  }
  for (const part of document.querySelectorAll("[data-embed]")) {
    if (!accepted.includes(part.dataset.embed)) part.querySelector("iframe")?.remove();
  }
  document.querySelector("dialog.cookie-dialog")?.close();
  document.dispatchEvent(new CustomEvent("cookies:chosen", { detail: { accepted } }));
}

async function open(link) {
  const answer = await fetch(link.href ?? link.form.action, { headers: { "X-Cookie-Part": "dialog" } });
  if (!answer.ok) throw new Error("no settings");
  document.querySelector("dialog.cookie-dialog")?.remove();
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = document.importNode(made.querySelector("dialog"), true);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (link.isConnected) link.focus();
  });
  dialog.showModal();
}

async function choose(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  const headers = { "X-Cookie-Part": "answer" };
  const answer = await fetch(form.action, { method: "POST", body: fields, headers });
  if (!answer.ok) throw new Error("not saved");
  const chosen = await answer.json();
  holds(chosen);
  channel?.postMessage(chosen);
  say("Your choice of cookies holds from now on.");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-cookie-settings]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link).catch(() => { location.href = link.href ?? link.form.action; });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("[data-cookie-form]")) return;
  event.preventDefault();
  choose(form, event.submitter).catch(() => { location.href = form.action; });
});

document.addEventListener("kit:theme", ({ detail }) => {
  if (document.documentElement.dataset.keep === "server") arrange(detail);
});

if (channel) channel.onmessage = ({ data }) => holds(data);
