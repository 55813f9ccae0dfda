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

// One at a time: what is refused for a moment must not be overtaken by what comes after it.
function flush() {
  if (!kept.ref) return open();
  const next = kept.queue[0];
  if (!next || next.sent || !line || !line.there()) return;
  next.sent = true;
  line.send({ t: "send", id: next.id, text: next.text });
}

async function open() {
  if (open.busy || !kept.opening) return;
  open.busy = true;
  try {
    const { ref } = await ask("/chat/open", { body: kept.opening });
    Object.assign(kept, { ref, secret: kept.opening.secret, opening: null });
    retry = 0;
    remember();
    begin();
  } catch (refused) {
    if (refused.lost) {
      tell(say("connecting"));
      clearTimeout(waits);
      waits = setTimeout(open, Math.min(10000, 500 * 2 ** retry++));
    } else back(refused);
  }
  open.busy = false;
}
addEventListener("online", () => kept.opening && open());

// The chat was not opened: what was written goes back to where it was written.
function back(refused) {
  const { id, text } = kept.opening;
  thread.drop(id);
  kept.opening = null;
  remember();
  box.value = text;
  hint.textContent = [refused.title, refused.detail].filter(Boolean).join(" ");
  if (refused.outdated || refused.status === 422) {
    thread = null;
    given = null;
    look();
  }
}

function begin() {
  if (line || !kept.ref) return;
  clip.disabled = false;
  line = linking(now.live, hear, (how) => {
    if (how === "waiting") {
      kept.queue.forEach((one) => delete one.sent);
      clearTimeout(waits);
      waits = setTimeout(flush, 2000);
    } else flush();
    state();
  });
  line.connect();
  refresh();
}

function hear(frame) {
  if (frame.t === "messages") took(frame);
  else if (frame.t === "ack") stored(frame);
  else if (frame.t === "welcome") {
    now.online = frame.staff;
    kept.queue.forEach((one) => delete one.sent);
    if (frame.read) thread.seen(frame.read);
    read();
    flush();
    refresh();
  } else if (frame.t === "typing") {
    clearTimeout(told);
    told = setTimeout(() => ((told = 0), state()), 6000);
  } else if (frame.t === "read") now.read_marks && frame.side !== "person" && thread.seen(frame.seq);
  else if (frame.t === "presence") now.online = frame.online;
  else if (frame.t === "state") {
    if (frame.kind === "files") line.send({ t: "since", after: (kept.last = 0) }); // one was scanned
    refresh();
  }
  else if (frame.t === "error") wrong(frame);
  state();
}

function took({ after, seq, items }) {
  if (after > kept.last) return line.send({ t: "since", after: kept.last });
  if (seq <= kept.last) return;
  for (const item of items) {
    if (item.seq <= kept.last) continue;
    thread.put(item);
    sent(item.id);
    if (item.side === "system" || (item.side === "staff" && standing && !standing.copy)) refresh();
    if (item.side === "staff") {
      clearTimeout(told);
      told = 0;
      if (!dialog.open || document.hidden) unread++;
    }
  }
  kept.last = seq;
  badge();
  read();
}

function stored(frame) {
  const mine = thread.get(frame.id);
  if (mine) {
    const masked = frame.masked && frame.masked.length ? frame.masked : mine.item.masked;
    thread.put({ ...mine.item, seq: frame.seq, at: frame.at, text: frame.text || mine.item.text, masked });
    if (frame.masked && frame.masked.length) hint.textContent = advice(frame.masked);
  }
  sent(frame.id);
  if (frame.after === kept.last) kept.last = frame.seq;
  else if (frame.after > kept.last) line.send({ t: "since", after: kept.last });
}

function sent(id) {
  kept.queue = kept.queue.filter((one) => one.id !== id);
  remember();
  flush();
}

function wrong(frame) {
  if (frame.code === "ConversationMissing") return leave(); // erased, or long over
  if (frame.code === FAST) {
    // Too much at once: it is sent in a moment.
    if (kept.queue[0]) delete kept.queue[0].sent;
    clearTimeout(waits);
    waits = setTimeout(flush, 500);
    return;
  }
  if (frame.id && thread.get(frame.id)) {
    thread.put({ ...thread.get(frame.id).item, failed: true });
    sent(frame.id);
  }
  hint.textContent = [frame.what, frame.why, frame.do].filter(Boolean).join(" ");
  refresh();
}

function read() {
  if (line && dialog.open && !document.hidden && kept.last > kept.seen) {
    kept.seen = kept.last;
    if (now.read_marks) line.send({ t: "read", seq: kept.last });
  }
}
document.addEventListener("visibilitychange", read);

function badge() {
  count.hidden = !unread;
  count.textContent = unread ? say("unread", unread) : "";
  news.textContent = unread ? say("unread", unread) : "";
}

async function refresh() {
  try {
    standing = await ask(ofChat("state"));
  } catch (refused) {
    if (refused.status === 404) leave();
    return;
  }
  const open = standing.secure.filter((one) => !one.gone);
  // Who has rated still sees what they gave, and may change it.
  standing.rate = refresh.asked = standing.rate || (standing.ended && refresh.asked);
  const shown = JSON.stringify(standing);
  if (refresh.shown === shown) return;
  refresh.shown = shown;
  beside.replaceChildren(...(standing.ended ? [] : open.map((one) => secureOf(one, now.message.clause, refresh))));
  composer.hidden = standing.ended;
  if (standing.ended) {
    hint.textContent = "";
    const again = button(say("new chat"), () => (leave(), look()), "main");
    beside.append(h("div", { class: "card", role: "group", "aria-label": say("ended") }, h("p", { role: "status" }, say("ended")), standing.rate && ratingOf(), standing.copy && copyOf(), h("p", { class: "row" }, again)));
  }
  drawMore();
  state();
  thread.end();
}

function drawMore() {
  more.replaceChildren();
  if (!kept.ref || (standing && standing.ended)) return;
  const sure = () => {
    const yes = button(say("end"), async () => {
      try {
        await call(ofChat("end"), { body: {} });
      } catch (refused) {
        hint.textContent = refused.lost ? say("lost") : refused.title;
      }
      refresh();
    });
    more.replaceChildren(h("span", {}, say("sure")), yes, button(say("stay"), drawMore));
    yes.focus();
  };
  more.append(button(say("end"), sure));
  if (!standing) return;
  if (standing.copy) more.append(copyOf());
  else if (now.pre && now.pre_chat !== "off" && !standing.named) more.append(button(say("who"), name));
}

// Whoever began without a name may give it later; the chat joins what the policy lets it join.
function name() {
  const form = formOf(now.pre, {
    words: say("send"),
    more: [button(say("stay"), () => form.remove())],
    async doing(values) {
      await call(ofChat("pre-chat"), { body: { version: now.version, values } });
      form.remove();
      refresh();
    },
  });
  form.classList.add("card");
  beside.prepend(form);
  form.querySelector("input").focus();
}

function leave() {
  if (line) line.stop();
  line = thread = standing = refresh.shown = refresh.asked = null;
  given = undefined;
  forget();
  composer.hidden = false;
  clip.disabled = true;
  beside.replaceChildren();
  more.replaceChildren();
  if (dialog.open && now) look();
}

async function sendFile(file) {
  choose.value = "";
  if (file.size > now.most_mb * 1048576) return void (hint.textContent = say("too large", now.most_mb));
  hint.textContent = say("sending", file.name);
  try {
    await call(ofChat(`files?id=${uuid()}`), { raw: file, name: file.name });
    hint.textContent = "";
  } catch (refused) {
    hint.textContent = refused.lost ? say("lost") : [refused.title, refused.detail].filter(Boolean).join(" ");
  }
}

// Only a tab in which it was opened before goes on by itself; else nothing is asked of anybody.
document.body.append(host);
if (recall() && (kept.open || kept.ref || kept.opening)) {
  if (kept.open) show();
  else look();
}
