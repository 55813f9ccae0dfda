// What is new, as it happens: the live process says that there is something, htmx fetches it.
import { ring, tell } from "./inbox-notices.js";

const QUIET = 250; // ms in which news is gathered
const POLL = 20000; // ms between looks where there is no live process
const HERE = 20000; // ms between signs that the member is there
const LOOK = 15000; // ms between signs of looking at a conversation
const RINGS = 3000; // ms in which one conversation rings once
const FORGET = 40000; // ms after which somebody who looked no longer does

let socket = null;
let wait = 1000;
let joined = "";
let polling = 0;
const lookers = new Map();
const rung = new Map();
const timers = new Map();

const page = () => document.body.dataset;
const talk = () => document.getElementById("talk");
const send = (frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));

function soon(name, work, delay = QUIET) {
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(work, delay));
}

const freshList = () => soon("list", () => document.body.dispatchEvent(new Event("inbox-list")));

// The thread, the head and what is said of it come anew, and no value of the person's is opened
// again; what somebody is working in is left alone.
function freshTalk() {
  soon("talk", () => {
    const news = document.getElementById("talk-news");
    if (!news) return;
    const parts = ["#talk-above"];
    const busy = document.activeElement;
    if (!document.querySelector("#talk-head details[open]") && !busy?.closest("#talk-head")) parts.push("#talk-head");
    if (!busy?.closest("#about-rest")) parts.push("#about-rest");
    news.setAttribute("hx-select-oob", parts.join(","));
    document.body.dispatchEvent(new Event("inbox-talk"));
  });
}

// The thread has come: the composer's words answer what stands above them now.
export function caughtUp() {
  const thread = document.getElementById("thread");
  const seen = document.querySelector(".composer [name=seen]");
  if (seen) seen.value = thread.dataset.newest;
  const box = document.querySelector("[data-scroll]");
  const near = box && box.scrollHeight - box.scrollTop - box.clientHeight < 400;
  if (box && near) box.scrollTop = box.scrollHeight;
  others();
}

function others() {
  const now = Date.now();
  for (const [who, at] of lookers) if (now - at.when > FORGET) lookers.delete(who);
  const place = document.getElementById("others");
  if (!place) return;
  const names = [...lookers.values()].map((one) => (one.typing && now - one.typing < 6000 ? `${one.name} is writing` : `${one.name} looks at it too`));
  const words = names.join(", ");
  if (place.textContent !== words) place.textContent = words;
}

function colleague(member) {
  const option = document.querySelector(`#s-to option[data-member="${CSS.escape(member)}"]`);
  return option?.textContent.trim() ?? "A colleague";
}

function typing(frame) {
  if (frame.conversation !== joined) return;
  if (frame.side !== "staff") {
    const place = document.getElementById("typing");
    if (!place) return;
    place.textContent = "They are writing…";
    soon("typing", () => { place.textContent = ""; }, 5000);
  } else noticed(frame, true);
}

function noticed(frame, writes = false) {
  if (frame.conversation !== joined || !frame.by || frame.by === page().me) return;
  const known = lookers.get(frame.by);
  if (!known) send({ t: "looking", conversation: joined }); // so that they know of us as well
  lookers.set(frame.by, { name: colleague(frame.by), when: Date.now(), typing: writes ? Date.now() : known?.typing });
  others();
}

// Rings for what is the member's own, and for what came in and waits for somebody.
function announce(frame) {
  const here = frame.conversation === joined && document.visibilityState === "visible";
  if (here || (frame.side && frame.side !== "person")) return;
  if (frame.assignee && frame.assignee !== page().me) return;
  if (rung.get(frame.conversation) > Date.now() - RINGS) return;
  rung.set(frame.conversation, Date.now());
  if (document.visibilityState !== "visible" && !document.title.startsWith("● ")) document.title = `● ${document.title}`;
  ring();
  tell("A new message in the inbox", "");
}

// The other side has read up to here; that needs no asking.
function seen(frame) {
  if (frame.conversation !== joined || frame.side !== "person") return;
  const sign = document.getElementById("seen-sign");
  for (const said of document.querySelectorAll("#thread .said-staff:not(:has([data-seen]))")) {
    if (sign && Number(said.dataset.seq) <= frame.seq) said.querySelector(".said-foot").prepend(sign.content.cloneNode(true));
  }
}

// A change that this page has made, or has seen already.
function known(frame) {
  const here = Number(document.querySelector("#talk-head [name=revision]")?.value ?? 0);
  return frame.revision !== undefined && frame.revision <= here;
}

const HEAR = {
  welcome() {
    wait = 1000;
    document.documentElement.dataset.live = "on";
    clearInterval(polling);
    joined = "";
    attend();
    freshList();
  },
  messages(frame) {
    if (frame.conversation && frame.conversation !== joined) return freshList();
    const newest = Number(document.getElementById("thread")?.dataset.newest ?? 0);
    if (frame.seq > newest) freshTalk();
    if (frame.items?.some((item) => item.side === "person")) {
      const place = document.getElementById("typing");
      if (place) place.textContent = "";
      if (document.visibilityState !== "visible") announce({ conversation: "", assignee: page().me });
    }
    freshList();
  },
  typing,
  looking: noticed,
  read: seen,
  presence(frame) {
    if (frame.conversation === joined || !frame.conversation) freshList();
  },
  state: () => { freshTalk(); freshList(); },
  news(frame) {
    if (frame.kind === "typing") return typing(frame);
    if (frame.kind === "looking") return noticed(frame);
    if (frame.kind === "presence") return undefined;
    if (frame.kind === "seen" || frame.kind === "read") return seen(frame);
    freshList();
    if (frame.conversation === joined) {
      if (frame.kind === "secure-form") document.body.dispatchEvent(new Event("inbox-secure"));
      if (frame.kind !== "message" && frame.kind !== "messages" && !known(frame)) freshTalk();
    } else if (["message", "messages", "opened", "yours"].includes(frame.kind)) announce(frame);
    return undefined;
  },
};

// Says which conversation stands open here, and hears of it.
export function attend() {
  const now = talk()?.dataset.conversation ?? "";
  if (now === joined) return;
  if (joined) send({ t: "leave", conversation: joined });
  joined = now;
  lookers.clear();
  others();
  if (!joined) return;
  send({ t: "join", conversation: joined, after: Number(talk().dataset.newest) });
  send({ t: "looking", conversation: joined });
}

async function connect() {
  const answer = await fetch(page().ticket, { method: "POST", headers: { "X-CSRFToken": page().csrf } }).catch(() => null);
  if (!answer?.ok) return answer?.status === 404 ? poll() : again();
  const { url, ticket } = await answer.json();
  if (!url) return poll();
  try {
    socket = new WebSocket(`${url}/live/desk`);
  } catch {
    return again();
  }
  socket.addEventListener("open", () => send({ t: "hello", ticket }));
  socket.addEventListener("message", (event) => {
    const frame = JSON.parse(event.data);
    HEAR[frame.t]?.(frame);
  });
  socket.addEventListener("close", (event) => {
    delete document.documentElement.dataset.live;
    if (event.code === 4403) poll();
    else again();
  });
  return undefined;
}

function again() {
  poll();
  setTimeout(connect, wait * (0.5 + Math.random()));
  wait = Math.min(wait * 2, 30000);
}

// Without a live process the page looks by itself, while somebody looks at it.
function poll() {
  clearInterval(polling);
  polling = setInterval(() => {
    if (document.visibilityState !== "visible") return;
    freshList();
    if (talk()?.dataset.reads === "true") freshTalk();
  }, POLL);
}

export function start() {
  if (!("inbox" in page()) || !window.htmx) return;
  connect();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") document.title = document.title.replace(/^● /u, "");
  });
  let last = 0;
  document.addEventListener("input", (event) => {
    if (event.target.id !== "text" || !joined || Date.now() - last < 3000) return;
    if (event.target.form?.querySelector("[data-kind=note]")?.checked) return;
    last = Date.now();
    send({ t: "typing", conversation: joined });
  });
  setInterval(() => {
    others();
    if (joined && document.visibilityState === "visible") send({ t: "looking", conversation: joined });
  }, LOOK);
  // The live process says so by itself while there is a socket.
  const here = () => socket?.readyState !== WebSocket.OPEN && fetch(page().presence, { method: "POST", headers: { "X-CSRFToken": page().csrf, "HX-Request": "true" } }).catch(() => null);
  setInterval(here, HERE);
}
