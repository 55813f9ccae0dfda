// The customer's page: asks the browser for a screen only after a press, shows it to one agent, and
// stops at once when anything ends: a press, the browser's own button, the time, the agent, the line.
import { Wire, ice, left, one, quality, root, show } from "./wire.js";
import { draw, wipe } from "./pointer.js";

const able = Boolean(navigator.mediaDevices?.getDisplayMedia && window.RTCPeerConnection && root.dataset.live);
let stream;
let peer;
let peerOf = "";
let pointing;
let waiting = [];
let wire;

function say(words) {
  const place = one("said");
  place.textContent = words;
  place.hidden = !words;
}

async function ask(wish, form = new FormData()) {
  form.set("do", wish);
  const answer = await fetch(root.dataset.do, { method: "POST", body: form, headers: { Accept: "application/json" }, keepalive: true });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
}

function cut() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  peer?.close();
  peer = undefined;
  one("mine").srcObject = null;
  wipe(one("pointer"));
}

// Over, for whatever reason: here at once, without waiting for anybody.
function over() {
  cut();
  wire?.close();
  show("ended");
  document.title = document.title.replace(/^● /, "");
  root.querySelector("#h-over").focus?.();
}

function stop() {
  const ran = root.dataset.state !== "ended";
  cut();
  wire?.send({ t: "stop" });
  if (ran) ask("stop").catch(() => {});
  over();
}

async function grant(event) {
  event.preventDefault();
  const form = event.target;
  if (!form.reportValidity()) return;
  say("");
  let chosen;
  try {
    chosen = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
  } catch {
    say("Nothing is shown: your browser was not told what to show. Press again to choose.");
    return;
  }
  stream = chosen;
  stream.getVideoTracks()[0].addEventListener("ended", stop);
  try {
    await ask("grant", new FormData(form));
  } catch (refused) {
    cut();
    say(refused.message);
    return;
  }
  begin();
}

function begin() {
  show("running");
  document.title = `● ${document.title}`;
  const mine = one("mine");
  mine.srcObject = stream;
  mine.play().catch(() => {});
  root.querySelector("section[data-when=running] .remote-stop").focus();
}

// A new agent's page gets a new connection; nothing of an earlier one is left.
async function offer(id) {
  if (!stream || id === peerOf) return;
  peer?.close();
  peerOf = id;
  waiting = [];
  const made = new RTCPeerConnection(ice());
  peer = made;
  pointing = undefined;
  made.createDataChannel("line");
  for (const track of stream.getTracks()) made.addTrack(track, stream);
  made.addEventListener("icecandidate", ({ candidate }) => candidate && signal({ candidate }));
  made.addEventListener("connectionstatechange", () => {
    if (peer === made && made.connectionState === "failed") {
      made.restartIce();
      describe(made);
    }
  });
  quality(made, "outbound-rtp");
  await describe(made);
  if (one("point").checked) point(true);
}

async function describe(made) {
  await made.setLocalDescription(await made.createOffer());
  signal({ description: made.localDescription });
}

const signal = (data) => wire.send({ t: "signal", data: { peer: peerOf, ...data } });

async function heard({ data }) {
  if (data.ready) {
    await offer(data.ready);
    return;
  }
  if (!peer || data.peer !== peerOf) return;
  if (data.description) {
    await peer.setRemoteDescription(data.description);
    for (const candidate of waiting.splice(0)) await peer.addIceCandidate(candidate);
  } else if (data.candidate) {
    if (peer.remoteDescription) await peer.addIceCandidate(data.candidate);
    else waiting.push(data.candidate);
  }
}

// The pointer is a channel of its own, which is there only while it is allowed.
function point(on) {
  pointing?.close();
  pointing = undefined;
  wipe(one("pointer"));
  if (!on || !peer) return;
  const made = peer.createDataChannel("pointer", { ordered: true, maxRetransmits: 0 });
  pointing = made;
  made.addEventListener("message", ({ data }) => pointing === made && draw(one("pointer"), one("mine"), data));
}

function status(words) {
  one("status").textContent = words;
}

function connect() {
  wire = new Wire(() => ({ session: root.dataset.session, secret: root.dataset.secret }), {
    welcome() {
      if (stream) for (const track of stream.getTracks()) track.enabled = true;
    },
    there({ there }) {
      if (stream) status(there ? "The agent can see it." : "The agent is not there.");
    },
    state(frame) {
      if (frame.state === "ended") over();
      else if (frame.state === "running" && !stream) stop(); // a page that was loaded again shows nothing
      else if (frame.state === "running") {
        left(frame.left);
        one("point").checked = frame.pointer;
        if (Boolean(pointing) !== frame.pointer) point(frame.pointer);
      }
    },
    signal: (frame) => heard(frame).catch(() => {}),
    error: (frame) => say([frame.what, frame.why, frame.do].filter(Boolean).join(" ")),
    lost() {
      // Nobody could end it from the other side now, so nothing is shown until the line is back.
      if (stream) for (const track of stream.getTracks()) track.enabled = false;
      status("The line is lost. Nothing is shown until it is back.");
    },
    over,
  });
}

for (const form of root.querySelectorAll("[data-stop]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    stop();
  });
}
one("grant").addEventListener("submit", grant);
one("point").addEventListener("change", (event) => wire.send({ t: "pointer", on: event.target.checked }));
addEventListener("pagehide", () => {
  if (!stream) return;
  const form = new FormData();
  form.set("do", "stop");
  navigator.sendBeacon(root.dataset.do, form);
  cut();
});
one("scriptless").hidden = true;
for (const part of root.querySelectorAll("[data-able]")) part.hidden = !able;
for (const part of root.querySelectorAll("[data-unable]")) part.hidden = able;
if (able && root.dataset.state !== "ended") connect();
