// A slot's button writes it where the cursor stands: in the letter, or the subject typed in last.
let last = null;

document.addEventListener("focusin", (event) => {
  if (event.target.matches("#id_body, #id_subject, #id_subject_b")) last = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-insert]");
  if (!button) return;
  const box = last ?? document.getElementById("id_body");
  box.setRangeText(`{{ ${button.dataset.insert} }}`, box.selectionStart, box.selectionEnd, "end");
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
