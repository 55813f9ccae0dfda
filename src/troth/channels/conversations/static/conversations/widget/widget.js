// The widget on the page: its button, its sheet, and which of its faces it shows.
Object.assign(words, GIVEN.words[LANGUAGE]);
const mask = masking(GIVEN.rules);
const host = document.createElement("div");
const root = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(GIVEN.sheet + colours());
root.adoptedStyleSheets = [sheet];

let now = null, line = null, thread = null, standing = null, given, unread = 0, told = 0, retry = 0, waits = 0;

const count = h("span", { class: "count", hidden: true });
const launcher = h("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => (dialog.open ? shut() : show()) },
  icon("chat"), h("span", {}, say("chat")), count);
const title = h("h2", { id: "title", tabIndex: -1 }, h("bdi", {}, GIVEN.name));
const status = h("p", { class: "status", role: "status" });
const main = h("div", { class: "main-part" });
const dialog = h("dialog", { "aria-labelledby": "title", onkeydown: (event) => event.key === "Escape" && (event.preventDefault(), event.stopPropagation(), shut()), oncancel: (event) => (event.preventDefault(), shut()) },
  h("header", {}, h("div", {}, title, status), h("button", { type: "button", class: "plain", "aria-label": say("close"), title: say("close"), onclick: () => shut() }, icon("close"))),
  main);
const news = h("p", { class: "who", role: "status" });
const all = h("div", { class: "all", dir: words.dir, lang: LANGUAGE }, launcher, dialog, news);
root.append(all);

function colours() {
  const { light, dark } = GIVEN.accent;
  const both = Object.keys(light).map((name) => `--${name}:light-dark(${light[name]},${dark[name]})`);
  return `:host{${both.join(";")}}`;
}

const tell = (text) => (status.textContent = text);
const state = () => tell(say(
  told ? "typing"
  : (line ? !line.there() : kept.opening || !now) ? "connecting"
  : standing && standing.ended ? "ended"
  : now.online ? "online" : "away"));

async function show() {
  kept.open = true;
  remember();
  launcher.setAttribute("aria-expanded", "true");
  unread = 0;
  badge();
  const phone = matchMedia("(max-width: 480px)").matches;
  all.classList.toggle("phone", phone);
  if (phone) dialog.showModal();
  else dialog.show();
  title.focus();
  if (thread) return focusThere(), read();
  main.replaceChildren(h("p", { class: "wait", role: "status" }, say("connecting")));
  await look();
}

function shut() {
  kept.open = false;
  remember();
  dialog.close();
  launcher.setAttribute("aria-expanded", "false");
  launcher.focus();
}

async function look() {
  try {
    now = await ask("/chat/now");
  } catch {
    main.replaceChildren(h("div", { class: "card" }, h("p", { role: "alert" }, say("no answer")), button(say("again"), look, "main")));
    return;
  }
  place();
}

// Which of its faces the widget shows.
function place() {
  given = given === undefined ? null : given;
  if (kept.ref || kept.opening) return chat();
  if ((!now.online || !now.live) && now.offline) return away();
  if (!now.message || !now.live) return main.replaceChildren(h("p", { class: "card" }, say("nobody")));
  if (now.pre_chat !== "off" && !given) return before();
  chat();
}

function away() {
  const id = uuid();
  tell(say("away"));
  main.replaceChildren(formOf(now.offline, {
    words: say("send"),
    async doing(values) {
      const kinds = new Set();
      for (const [name, value] of Object.entries(values)) {
        if (typeof value !== "string") continue;
        const masked = mask(value);
        values[name] = masked.text;
        masked.kinds.forEach((kind) => kinds.add(kind));
      }
      const { number } = await ask("/chat/offline", { body: { version: now.version, id, values } }).catch(outdated);
      const done = h("p", { tabIndex: -1, role: "status" }, say("ticket", number));
      main.replaceChildren(h("div", { class: "card" }, done, kinds.size ? h("p", { class: "masked" }, advice([...kinds])) : null));
      done.focus();
    },
  }));
  focusThere();
}

function before() {
  const skip = now.pre_chat === "offered" ? [button(say("skip"), () => ((given = {}), place()))] : [];
  main.replaceChildren(formOf(now.pre, { words: say("begin"), more: skip, doing: async (values) => ((given = values), place()) }));
  focusThere();
}

// The policy changed since the form was shown: it is shown anew, and what was written stays.
function outdated(refused) {
  if (refused.outdated) look();
  throw refused;
}

const box = h("textarea", { rows: 1, dir: "auto", "aria-label": say("your message"), placeholder: say("your message"), maxLength: 5000, onkeydown: typed, oninput: grown });
const TAKEN = "image/jpeg,image/png,image/gif,image/webp,audio/*,video/mp4,video/webm,text/plain,text/csv,.pdf,.rtf,.zip,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt,.ods,.odp";
const choose = h("input", { type: "file", accept: TAKEN, class: "away", tabIndex: -1, "aria-hidden": "true", onchange: () => choose.files[0] && sendFile(choose.files[0]) });
const clip = h("button", { type: "button", class: "plain", "aria-label": say("add file"), title: say("add file"), disabled: true, onclick: () => choose.click() }, icon("file"));
const composer = h("form", { class: "composer", onsubmit: (event) => (event.preventDefault(), sendText()) },
  clip, choose, box, h("button", { type: "submit", class: "main go", "aria-label": say("send"), title: say("send") }, icon("send")));
const hint = h("p", { class: "masked hint", role: "status" });
const beside = h("div", { class: "beside" });
const more = h("div", { class: "row more" });

function chat() {
  if (!thread) {
    thread = threadOf();
    const intro = h("div", { class: "intro" }, now.greeting && h("p", { dir: "auto" }, now.greeting), now.message && notice(now.message), now.online ? null : h("p", {}, say("waiting answer")));
    main.replaceChildren(intro, thread.log, beside, hint, composer, more);
    if (kept.opening) thread.put({ id: kept.opening.id, side: "person", text: kept.opening.text });
    for (const one of kept.queue) thread.put({ id: one.id, side: "person", text: one.text, masked: one.masked });
  }
  if (kept.ref) begin();
  else if (kept.opening) flush();
  drawMore();
  state();
  focusThere();
}

function focusThere() {
  if (!dialog.open || all.classList.contains("phone")) return;
  const first = box.isConnected && !composer.hidden ? box : main.querySelector("form input, form select, form textarea, button");
  if (first) first.focus();
}

function grown() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 120)}px`;
  const { kinds } = mask(box.value);
  hint.textContent = kinds.length ? say("will mask", new Intl.ListFormat(LANGUAGE).format(kinds.map((kind) => say(`kind ${kind}`)))) : "";
  if (line && box.value && Date.now() - grown.at > 3000) {
    grown.at = Date.now();
    line.send({ t: "typing" });
  }
}
grown.at = 0;

function typed(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
}

function sendText() {
  const { text, kinds } = mask(box.value.trim());
  if (!text) return;
  box.value = "";
  grown();
  const one = { id: uuid(), text, masked: kinds };
  if (!kept.ref && !kept.opening)
    kept.opening = { id: one.id, text, secret: secret(), version: now.version, values: given && Object.keys(given).length ? given : null };
  else kept.queue.push(one);
  remember();
  thread.put({ ...one, side: "person" });
  hint.textContent = kinds.length ? advice(kinds) : "";
  flush();
}
