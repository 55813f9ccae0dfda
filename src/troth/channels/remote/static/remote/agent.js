// The agent's page: a picture and nothing to keep it with. It is emptied the moment it is over.
import { Wire, ice, left, one, quality, root, show } from "./wire.js";
import { frame as pictureIn } from "./pointer.js";

const video = one("theirs");
const stage = one("stage");
let peer;
let mine = "";
let waiting = [];
let pointing;
let wire;

const status = (words) => { one("status").textContent = words; };
const signal = (data) => wire.send({ t: "signal", data: { peer: mine, ...data } });

function empty() {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.pause();
  video.srcObject = null;
  peer?.close();
  peer = undefined;
  point(undefined);
}

function over() {
  empty();
  wire?.close();
  show("ended");
  const words = root.querySelector("#h-note")?.closest("section").querySelector("textarea");
  words?.focus();
}

// Say that this page is ready to see; the customer's begins a connection for it.
function ready() {
  empty();
  mine = crypto.getRandomValues(new Uint32Array(2)).join("-");
  signal({ ready: mine });
}

function begin() {
  const made = new RTCPeerConnection(ice());
  peer = made;
  waiting = [];
  made.addEventListener("icecandidate", ({ candidate }) => candidate && signal({ candidate }));
  made.addEventListener("track", ({ track, streams }) => {
    video.srcObject = streams[0] ?? new MediaStream([track]);
    video.play().catch(() => {});
  });
  made.addEventListener("datachannel", ({ channel }) => channel.label === "pointer" && point(channel));
  made.addEventListener("connectionstatechange", () => {
    if (peer !== made) return;
    if (made.connectionState === "connected") status("You see their screen.");
    if (made.connectionState === "disconnected") status("The connection is interrupted…");
    if (made.connectionState === "failed") ready();
  });
  quality(made, "inbound-rtp");
}

async function heard({ data }) {
  if (data.peer !== mine) return;
  if (data.description) {
    if (!peer) begin();
    await peer.setRemoteDescription(data.description);
    await peer.setLocalDescription(await peer.createAnswer());
    signal({ description: peer.localDescription });
    for (const candidate of waiting.splice(0)) await peer.addIceCandidate(candidate);
  } else if (data.candidate) {
    if (peer?.remoteDescription) await peer.addIceCandidate(data.candidate);
    else waiting.push(data.candidate);
  }
}

// The customer's page opens and closes the channel: without it there is nothing to point with.
function point(channel) {
  pointing = channel;
  one("pointing").hidden = !channel;
  stage.toggleAttribute("data-points", Boolean(channel));
  channel?.addEventListener("close", () => pointing === channel && point(undefined));
}

let queued = false;
function moved(event) {
  const press = event.type === "pointerdown";
  if (pointing?.readyState !== "open" || (queued && !press)) return;
  queued = true;
  requestAnimationFrame(() => { queued = false; });
  const { x, y, width, height, box } = pictureIn(video);
  const at = { x: (event.clientX - box.left - x) / width, y: (event.clientY - box.top - y) / height, press };
  if (at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1) pointing.send(JSON.stringify(at));
}

async function hello() {
  const answer = await fetch(root.dataset.ticket, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no ticket");
  return answer.json();
}

function connect() {
  let running = root.dataset.state === "running";
  wire = new Wire(hello, {
    welcome() {
      stage.removeAttribute("data-away");
    },
    there({ there }) {
      if (running && there && peer?.connectionState !== "connected") ready();
      else if (running) status("They are gone.");
    },
    state(frame) {
      if (frame.state === "ended") {
        over();
        return;
      }
      const began = frame.state === "running" && !peer && !mine;
      running = frame.state === "running";
      show(frame.state);
      if (running) left(frame.left);
      if (began) ready();
    },
    signal: (frame) => heard(frame).catch(() => {}),
    lost() {
      stage.setAttribute("data-away", "");
      status("The line is lost. Nothing is shown until it is back.");
    },
    over,
  });
}

for (const type of ["pointermove", "pointerdown"]) stage.addEventListener(type, moved);
// What can be forbidden in a page: saving a picture from the menu, dragging it out, a window of its own.
for (const type of ["contextmenu", "dragstart"]) stage.addEventListener(type, (event) => event.preventDefault());
video.disableRemotePlayback = true;
if (location.pathname !== root.dataset.here) history.replaceState(null, "", root.dataset.here);
if (root.dataset.state !== "ended" && root.dataset.live) connect();
