// How the chat stands beside its messages, and what can be done with it.
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
