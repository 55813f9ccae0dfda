// Dialogs, copying, dismissing: each by a data attribute.
async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return;
  }
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.done;
  setTimeout(() => { words.textContent = before; }, 2000);
}

export function start() {
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-dialog], [data-copy], [data-dismiss]");
    if (!target) return;
    if ("dialog" in target.dataset) {
      const dialog = document.getElementById(target.dataset.dialog);
      if (!dialog?.showModal) return;
      event.preventDefault();
      dialog.showModal();
    } else if ("copy" in target.dataset) {
      copy(target);
    } else {
      target.parentElement.remove();
    }
  });
}
