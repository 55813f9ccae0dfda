// A sound and a notice of the desktop, for whoever asked for them. The sound is made here.
import { recall, remember } from "../kit/js/memory.js";

const WORDS = { sound: "Sound for new messages", desktop: "Notices on the desktop" };
let audio = null;

const on = (what) => recall(`inbox.${what}`) === "on";

function show() {
  for (const button of document.querySelectorAll("[data-notices]")) {
    const what = button.dataset.notices;
    const state = on(what);
    button.setAttribute("aria-pressed", String(state));
    button.querySelector("span").textContent = `${WORDS[what]}: ${state ? "on" : "off"}`;
  }
}

// Two soft tones, a fifth apart.
export function ring() {
  if (!on("sound")) return;
  try {
    audio ??= new AudioContext();
    audio.resume();
    [587.33, 880].forEach((pitch, at) => {
      const tone = audio.createOscillator();
      const level = audio.createGain();
      const begin = audio.currentTime + at * 0.12;
      tone.type = "sine";
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(0, begin);
      level.gain.linearRampToValueAtTime(0.12, begin + 0.015);
      level.gain.exponentialRampToValueAtTime(0.001, begin + 0.35);
      tone.connect(level).connect(audio.destination);
      tone.start(begin);
      tone.stop(begin + 0.4);
    });
  } catch {
    // No sound device: the list shows what is new.
  }
}

// A notice says that there is something, and never what.
export function tell(words, url) {
  if (!on("desktop") || !("Notification" in window) || Notification.permission !== "granted") return;
  if (document.visibilityState === "visible" && document.hasFocus()) return;
  const notice = new Notification(words, { tag: "inbox" });
  notice.addEventListener("click", () => {
    window.focus();
    if (url) location.assign(url);
    notice.close();
  });
}

async function toggle(what) {
  if (on(what)) return remember(`inbox.${what}`, null);
  if (what === "desktop") {
    if (!("Notification" in window)) return undefined;
    if ((await Notification.requestPermission()) !== "granted") return undefined;
  }
  remember(`inbox.${what}`, "on");
  if (what === "sound") ring();
  return undefined;
}

export function start() {
  show();
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-notices]");
    if (!button) return;
    await toggle(button.dataset.notices);
    show();
  });
}
