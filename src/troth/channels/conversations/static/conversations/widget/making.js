// Elements made one by one: no markup is parsed, so a page that asks for trusted types is served too.
const words = { ...GIVEN.words.en };
// What is put in may be of another direction: it is kept apart (Unicode's isolates).
const apart = (value) => (words.dir === "rtl" ? `\u2068${value}\u2069` : value);
const say = (key, ...values) => values.reduce((text, value) => text.replace("{}", () => apart(value)), words[key] || key);

function h(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && key !== "list" && typeof value !== "string") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

const PATHS = {
  chat: "M4 5h16v11H10l-4 4v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-6 16-3-6z",
  file: "M8 12l6-6a3 3 0 0 1 4 4l-8 8a5 5 0 0 1-7-7l8-8",
};
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

const button = (text, onclick, kind = "") => h("button", { type: "button", class: kind, onclick }, text);

// A clause of the policy, as everywhere in Troth: its number, and a link to what it says.
const chip = (clause) =>
  clause &&
  h("a", {
    class: "chip", dir: "ltr", target: "_blank", rel: "noopener", href: `${BASE}${GIVEN.policy}#clause-${encodeURIComponent(clause)}`,
    "aria-label": say("clause", clause), title: say("clause", clause),
  }, `§ ${clause}`);

const notice = (told) =>
  h("div", { class: "notice" },
    h("p", { dir: "auto" }, told.text, " ", chip(told.clause)),
    told.informs.map((one) => h("p", { dir: "auto" }, one.text, " ", chip(one.clause))),
    told.kept && h("p", {}, say("kept", told.kept.period), " ", chip(told.kept.clause)));

// crypto.randomUUID is not there on pages without TLS.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
const secret = () => uuid() + uuid();
