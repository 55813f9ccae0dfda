// The messages, in the order of the server, and after them what waits to be sent.
function threadOf() {
  const list = h("ol");
  const log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": say("messages"), tabIndex: 0 }, list);
  const rows = new Map(); // by the client's id
  const near = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const clock = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });

  function put(item) {
    const stay = !near();
    const old = rows.get(item.id);
    if (old && old.item.seq && !item.seq) return;
    const line = drawn(item);
    rows.set(item.id, { item, line });
    if (old) old.line.replaceWith(line);
    else {
      const order = (one) => one.seq || Infinity;
      const after = [...rows.values()].filter((one) => one.line !== line && order(one.item) > order(item))[0];
      list.insertBefore(line, after ? after.line : null);
    }
    if (!stay || item.side === "person") log.scrollTop = log.scrollHeight;
  }

  function drawn(item) {
    const mine = item.side === "person";
    // What is for staff alone has no words here.
    if (item.side === "system") return h("li", { class: "said", hidden: !words[`said ${item.said}`] }, say(`said ${item.said}`));
    const files = item.files || [];
    const alone = files.length && item.text === files[0].name; // the file is all there is to say
    return h("li", { class: mine ? "mine" : "theirs" },
      h("span", { class: "who" }, mine ? say("you") : GIVEN.name),
      alone || !item.text ? null : h("p", { dir: "auto" }, item.text),
      files.map(fileOf),
      item.masked && item.masked.length ? h("small", { class: "masked" }, advice(item.masked)) : null,
      h("small", { class: "at" }, item.seq ? (item.at ? clock.format(new Date(item.at)) : "") : say(item.failed ? "not sent" : "waits")));
  }

  function fileOf({ ref, name, state }) {
    if (state !== "clean") return h("p", { class: "file" }, icon("file"), h("bdi", {}, name), " – ", say(`file ${state}`));
    const get = async () => {
      try {
        const answer = await call(`/chat/files/${ref}`);
        const link = h("a", { href: URL.createObjectURL(await answer.blob()), download: name });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      } catch (refused) {
        tell(refused.title || say("lost"));
      }
    };
    return h("p", { class: "file" }, h("button", { type: "button", class: "plain", onclick: get }, icon("file"), h("bdi", {}, name)));
  }

  return {
    log, put,
    get: (id) => rows.get(id),
    drop: (id) => rows.has(id) && (rows.get(id).line.remove(), rows.delete(id)),
    seen(seq) {
      for (const { line, item } of rows.values())
        line.classList.toggle("seen", item.side === "person" && item.seq === seq);
    },
    end: () => (log.scrollTop = log.scrollHeight),
  };
}

const advice = (kinds) => say("masked", new Intl.ListFormat(LANGUAGE).format(kinds.map((kind) => say(`kind ${kind}`))));
