// What comes beside the messages: secure forms, and the end with its rating and its copy.
function secureOf(form, clause, done) {
  if (form.gone || form.answered)
    return h("p", { class: "card" }, say(form.gone ? "secure gone" : "secure given"));
  const boxes = form.asks.map((label, at) => ({ label, box: h("input", { id: `s${at}`, autocomplete: "off", maxLength: 500, dir: "auto" }) }));
  const wrong = h("p", { class: "wrong", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    const answers = {};
    for (const { label, box } of boxes) answers[label] = box.value;
    try {
      await call(ofChat(`secure/${form.ref}`), { body: { answers } });
      done();
    } catch (refused) {
      wrong.textContent = refused.lost ? say("lost") : refused.title;
    }
  };
  return h("form", { class: "card", onsubmit: send },
    h("h3", {}, say("secure"), " ", chip(clause)), h("p", {}, say("secure why")),
    boxes.map(({ label, box }) => h("div", { class: "field" }, h("label", { for: box.id, dir: "auto" }, label), box)),
    wrong, h("p", { class: "row" }, h("button", { type: "submit", class: "main" }, say("give"))));
}

function ratingOf() {
  const told = h("p", { role: "status" });
  const rate = async (rating) => {
    try {
      await call(ofChat("rating"), { body: { rating } });
      told.textContent = say("rated");
    } catch (refused) {
      told.textContent = refused.lost ? say("lost") : refused.title;
    }
  };
  return h("fieldset", {}, h("legend", {}, say("rate")),
    h("div", { class: "stars" }, [1, 2, 3, 4, 5].map((one) =>
      h("label", {}, h("input", { type: "radio", name: "rating", value: String(one), onchange: () => rate(one) }), h("span", {}, String(one))))),
    h("p", { class: "row ends" }, h("small", {}, say("worst")), h("small", {}, say("best"))), told);
}

function copyOf() {
  const told = h("span", { role: "status" });
  const go = button(say("copy"), async () => {
    go.disabled = true;
    try {
      await call(ofChat("transcript"), { body: {} });
      told.textContent = say("copied");
    } catch (refused) {
      go.disabled = false;
      told.textContent = refused.lost ? say("lost") : refused.title;
    }
  });
  return h("p", { class: "row" }, go, told);
}
