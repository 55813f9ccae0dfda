// Forms of the policy: the fields it names, with their clauses, and what is wrong with an answer.
const KINDS = { email: "email", tel: "tel", url: "url", date: "date" };
const AUTO = { email: "email", tel: "tel", url: "url" };

function fieldOf(field, at) {
  const id = `f${at}`, told = [];
  if (field.hint) told.push(h("small", { id: `${id}h`, dir: "auto" }, field.hint));
  const about = {
    id, name: field.name, required: field.required, maxLength: field.max_length,
    "aria-describedby": `${id}h ${id}e`, dir: "auto",
  };
  let box;
  if (field.kind === "age") box = h("input", { ...about, type: "checkbox", required: false });
  else if (field.type === "choice")
    box = h("select", about, h("option", { value: "" }, ""), field.options.map((one) => h("option", { value: one }, one)));
  else if (field.max_length > 1000) box = h("textarea", { ...about, rows: 4 });
  else box = h("input", { ...about, type: KINDS[field.type] || "text", autocomplete: AUTO[field.type] || (field.name === "name" ? "name" : "on") });
  const label = h("label", { for: id, dir: "auto" }, field.label, field.required || field.kind === "age" ? null : ` (${say("optional")})`);
  const line = h("div", { class: field.kind === "age" ? "field tick" : "field" },
    h("span", {}, label, " ", chip(field.clause)), told, box, h("strong", { id: `${id}e`, class: "wrong" }));
  return { line, box, name: field.name, value: () => (box.type === "checkbox" ? box.checked : box.value) };
}

// `send(values)` does what the form is for; what it throws is shown where it belongs.
function formOf(told, { title, words: send, more = [], doing }) {
  const fields = told.fields.map(fieldOf);
  const wrong = h("p", { class: "wrong", role: "alert" });
  const go = h("button", { type: "submit", class: "main" }, send);
  const form = h("form", { noValidate: true, onsubmit: submit },
    h("h3", { dir: "auto" }, title || told.title), notice(told), fields.map((one) => one.line), wrong, h("p", { class: "row" }, go, more));

  async function submit(event) {
    event.preventDefault();
    wrong.textContent = "";
    for (const one of fields) mark(one, "");
    const lacking = fields.filter((one) => one.box.required && !String(one.value()).trim());
    for (const one of lacking) mark(one, say("needed"));
    if (lacking.length) return lacking[0].box.focus();
    go.disabled = true;
    try {
      const values = {};
      for (const one of fields) if (one.value()) values[one.name] = one.value();
      await doing(values);
    } catch (refused) {
      const first = fields.filter((one) => refused.errors && refused.errors[one.name]);
      for (const one of first) mark(one, refused.errors[one.name].join(" "));
      if (first.length) first[0].box.focus();
      else wrong.textContent = refused.lost ? say("lost") : [refused.title, refused.detail].filter(Boolean).join(" ");
    }
    go.disabled = false;
  }
  function mark(one, what) {
    one.box.setAttribute("aria-invalid", what ? "true" : "false");
    one.line.lastChild.textContent = what;
  }
  return form;
}
