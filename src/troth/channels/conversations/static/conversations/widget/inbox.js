// The desk's own words: what visitors may not write is blotted out of them too, before it is sent.
const mask = masking(GIVEN.rules);
const kinds = (found) => new Intl.ListFormat("en").format(found.map((kind) => GIVEN.words[kind]));
const typed = (form) => form && form.matches(".composer") && form.querySelector("textarea[name=text]");
let told = "";

function tell(form, text) {
  let line = form.querySelector("[data-masked]");
  if (!line && text) {
    line = document.createElement("p");
    line.className = "hint said-masked";
    line.dataset.masked = "";
    line.setAttribute("role", "status");
    form.querySelector("textarea[name=text]").after(line);
  }
  if (line) line.textContent = text;
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || event.target !== typed(form)) return;
  const found = mask(event.target.value).kinds;
  tell(form, found.length ? `This will be blotted out before it is sent: ${kinds(found)}.` : "");
});

// Before htmx, and before the browser, read the field.
document.addEventListener("submit", (event) => {
  const field = typed(event.target);
  if (!field) return;
  const found = mask(field.value);
  if (!found.kinds.length) return;
  field.value = found.text;
  told = `Blotted out before it was sent: ${kinds(found.kinds)}.`;
  tell(event.target, told);
}, true);

// The answer brings the conversation anew; lists and heads that come meanwhile say nothing of it.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id !== "talk") return;
  const form = told && document.querySelector("form.composer");
  if (form && typed(form)) tell(form, told);
  told = "";
});

// Drafts are kept by another script of the inbox, and never as they were typed.
window.trothBlot = (text) => mask(text).text;
