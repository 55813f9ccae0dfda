// A chosen file is read here and put into the text area: it is sent as text, like a pasted one.
const format = new Intl.NumberFormat("en");

async function read(input) {
  const [file] = input.files;
  const said = document.querySelector("[data-file-said]");
  if (!file) return;
  if (file.size > Number(input.dataset.largest)) {
    said.textContent = `${file.name} is too long: ${format.format(file.size)} bytes.`;
    return;
  }
  document.getElementById(input.dataset.fileInto).value = await file.text();
  said.textContent = `${file.name} is in the box above.`;
  input.value = "";
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-file-into]")) read(event.target);
});

// A problem's line, in the box.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  const box = document.getElementById("source");
  if (!link || !box) return;
  event.preventDefault();
  box.closest("details")?.setAttribute("open", "");
  const lines = box.value.split("\n");
  const start = lines.slice(0, link.dataset.line - 1).join("\n").length + (link.dataset.line > 1 ? 1 : 0);
  box.focus();
  box.setSelectionRange(start, start + (lines[link.dataset.line - 1] ?? "").length);
  box.scrollTop = (link.dataset.line - 4) * parseFloat(getComputedStyle(box).lineHeight);
});
