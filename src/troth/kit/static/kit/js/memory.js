// What the browser remembers for its user alone: never sent, and absent when storage is shut off.
// A page that says so keeps it for this visit only.
const store = () => document.documentElement.dataset.keep ? sessionStorage : localStorage;

export function recall(key) {
  try {
    return store().getItem(`kit.${key}`);
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    if (value === null) store().removeItem(`kit.${key}`);
    else store().setItem(`kit.${key}`, value);
  } catch {
    // Then it holds for this page only.
  }
}
