// The line to the live process, kept up while the session lasts; and what both pages show of it.
const AGAIN = 500; // ms between two tries
const PATIENCE = 10000; // ms after which a lost line ends the session here too
const OVER = 4410;
const REPLACED = 4409;
const REFUSED = 4403;

export const root = document.getElementById("remote");
export const one = (name) => root.querySelector(`[data-${name}]`);

// Show the parts of the page that belong to a state.
export function show(state) {
  root.dataset.state = state;
  for (const part of root.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
}

// Calls `on[kind]` with each frame, `on.lost` when the line breaks, `on.over` when there is no more.
export class Wire {
  constructor(hello, on) {
    this.hello = hello;
    this.on = on;
    this.lostAt = 0;
    this.done = false;
    this.connect();
  }

  async connect() {
    if (this.done) return;
    let hello;
    try {
      hello = await this.hello();
    } catch {
      this.lost();
      return;
    }
    const socket = new WebSocket(`${root.dataset.live}/live/remote`);
    this.socket = socket;
    socket.addEventListener("open", () => socket.send(JSON.stringify({ t: "hello", ...hello })));
    socket.addEventListener("message", (event) => {
      const frame = JSON.parse(event.data);
      if (frame.t === "welcome") this.lostAt = 0;
      if (!this.done || frame.t === "state") this.on[frame.t]?.(frame);
    });
    socket.addEventListener("close", (event) => {
      if ([OVER, REPLACED, REFUSED].includes(event.code)) this.end(event.code);
      else this.lost();
    });
  }

  lost() {
    if (this.done) return;
    this.lostAt ||= Date.now();
    if (Date.now() - this.lostAt > PATIENCE) {
      this.end(0);
      return;
    }
    this.on.lost?.();
    setTimeout(() => this.connect(), AGAIN);
  }

  end(code) {
    if (this.done) return;
    this.done = true;
    this.on.over(code);
  }

  send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  close() {
    this.done = true;
    this.socket?.close(1000);
  }
}

let ends = 0;
let clock = 0;

// Count down what is left.
export function left(seconds) {
  ends = Date.now() + seconds * 1000;
  clearInterval(clock);
  const tell = () => {
    const rest = Math.max(0, Math.round((ends - Date.now()) / 1000));
    const place = one("left");
    if (place) place.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")} left`;
    if (!rest) clearInterval(clock);
  };
  tell();
  clock = setInterval(tell, 1000);
}

export const ice = () => ({ iceServers: JSON.parse(root.dataset.ice || "[]") });

// Say every two seconds how good the connection is, for as long as it lasts.
export function quality(peer, wanted) {
  const place = one("quality");
  const timer = setInterval(async () => {
    if (peer.connectionState === "closed") {
      clearInterval(timer);
      place.textContent = "";
      return;
    }
    let trip = 0;
    let frames;
    for (const stat of (await peer.getStats()).values()) {
      if (stat.type === "candidate-pair" && stat.nominated) trip = Math.round((stat.currentRoundTripTime ?? 0) * 1000);
      if (stat.type === wanted && stat.kind === "video") frames = stat.framesPerSecond ?? 0;
    }
    const word = peer.connectionState !== "connected" ? "interrupted" : trip > 400 ? "slow" : trip > 150 ? "fair" : "good";
    const said = `Connection: ${word}` + (frames === undefined ? "" : `, ${Math.round(frames)} pictures a second`);
    if (place.textContent !== said) place.textContent = said;
  }, 2000);
}
