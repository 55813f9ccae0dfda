// A classic script, so that it runs before the first paint: no flash of the other theme.
// Nothing is stored until the person uses the switch.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  try {
    if (root.dataset.keep === "server") return;
    const store = root.dataset.keep === "visit" ? sessionStorage : localStorage;
    const theme = store.getItem("kit.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage may be shut off; the system's own setting then holds.
  }
})();
