// What the browser remembers for its user alone: never sent, and absent when storage is shut off.
export function recall(key) {
  try {
    return localStorage.getItem(`kit.${key}`);
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(`kit.${key}`);
    else localStorage.setItem(`kit.${key}`, value);
  } catch {
    // Then it holds for this page only.
  }
}
