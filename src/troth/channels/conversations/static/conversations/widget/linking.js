// The line to the live process: a web socket, or long polling where sockets are blocked. Whatever
// line there is, frames come in by `hear`, and what waits is sent again until it is acknowledged.
const SLOWEST = 10000, QUIET = 45000, FAST = "TooFastDenied";

function linking(live, hear, tell) {
  let socket = null, polling = null, tries = 0, failed = 0, timer = 0, over = false, heard = 0, denied = "";
  const http = live.replace(/^ws/, "http");

  const hello = () => ({ t: "hello", ref: kept.ref, secret: kept.secret, after: kept.last });
  const again = () => {
    if (over) return;
    clearTimeout(timer);
    tell("waiting");
    timer = setTimeout(connect, Math.min(SLOWEST, 400 * 2 ** tries++) * (0.7 + Math.random() * 0.6));
  };

  function connect() {
    clearTimeout(timer);
    if (over || socket || polling) return;
    if (failed >= 2 || !("WebSocket" in window)) return poll();
    let welcomed = false;
    try {
      socket = new WebSocket(`${live}/live/chat`);
    } catch {
      failed = 2; // forbidden by the page's own policy
      return poll();
    }
    const patience = setTimeout(() => socket && !welcomed && socket.close(), 5000);
    socket.onopen = () => socket.send(JSON.stringify(hello()));
    socket.onmessage = (event) => {
      heard = Date.now();
      const frame = JSON.parse(event.data);
      if (frame.t === "error" && !welcomed) denied = frame.code;
      if (frame.t === "welcome") {
        welcomed = true;
        tries = failed = 0;
        tell("there");
      }
      hear(frame);
    };
    socket.onclose = (event) => {
      clearTimeout(patience);
      socket = null;
      if (event.code === 4403 && denied !== FAST) over = true; // the error before it said why
      if (!welcomed && navigator.onLine !== false) failed++;
      again();
    };
  }

  async function poll() {
    const mine = (polling = {});
    const started = Date.now();
    try {
      while (!over && polling === mine) {
        const { frames } = await ask(`/live/chat/poll?after=${kept.last}`, { live: http });
        if (over || polling !== mine) return;
        tries = 0;
        tell("there");
        frames.forEach(hear);
        if (Date.now() - started > 300000) break; // a socket may work by now
      }
    } catch (refused) {
      (refused.frames || []).forEach(hear);
    }
    if (polling !== mine) return;
    polling = null;
    if (tries > 1 || Date.now() - started > 300000) failed = 0;
    again();
  }

  // A socket that the network let go of without a word is found by asking.
  const watch = setInterval(() => {
    if (!socket || socket.readyState !== 1) return;
    if (heard && Date.now() - heard > QUIET) socket.close();
    else socket.send('{"t":"ping"}');
  }, 20000);
  const back = () => {
    tries = 0;
    if (!socket && !polling) connect();
  };
  addEventListener("online", back);

  return {
    connect,
    there: () => Boolean(polling || (socket && socket.readyState === 1)),
    send(...frames) {
      if (socket && socket.readyState === 1) for (const frame of frames) socket.send(JSON.stringify(frame));
      else if (polling)
        ask("/live/chat/send", { live: http, body: frames }).then(
          (answer) => (answer.frames || []).forEach(hear),
          (refused) => (refused.frames || []).length ? refused.frames.forEach(hear) : tell("waiting"));
    },
    stop() {
      over = true;
      polling = null;
      clearTimeout(timer);
      clearInterval(watch);
      removeEventListener("online", back);
      if (socket) socket.close();
    },
  };
}
