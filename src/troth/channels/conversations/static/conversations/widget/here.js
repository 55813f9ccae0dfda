// Whose script this is, and in which language: `data-lang` of its tag, or the page's own.
const SCRIPT = document.currentScript;
const BASE = new URL(SCRIPT.src).origin;
const LANGUAGE = [SCRIPT.dataset.lang, document.documentElement.lang, "en"]
  .map((one) => (one || "").toLowerCase().split("-")[0])
  .find((one) => GIVEN.words[one]);
