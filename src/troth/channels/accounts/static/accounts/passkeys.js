// Passkeys: fetches a challenge, has the browser answer it, and sends the answer with the form.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const opened = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

async function make({ publicKey: asked }) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: opened(asked.excludeCredentials),
    },
  });
  const { clientDataJSON, attestationObject } = made.response;
  return answer(made, { clientDataJSON, attestationObject });
}

async function ask({ publicKey: asked }, more = {}) {
  const found = await navigator.credentials.get({
    ...more,
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      allowCredentials: opened(asked.allowCredentials) ?? [],
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return answer(found, { clientDataJSON, authenticatorData, signature, userHandle });
}

function answer(credential, parts) {
  const response = {};
  for (const [name, part] of Object.entries(parts)) if (part) response[name] = text(part);
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

const fetched = async (form) => {
  const got = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  return got.json().catch(() => ({}));
};

// A passkey offered where the address is typed, for as long as nobody asks for one by the button.
const FRESH = 4 * 60 * 1000; // a challenge counts for five minutes
let waiting;

async function offer(form) {
  waiting = new AbortController();
  const { signal } = waiting;
  const again = setTimeout(() => { waiting.abort(); offer(form); }, FRESH);
  signal.addEventListener("abort", () => clearTimeout(again));
  try {
    const options = await fetched(form);
    if (signal.aborted || !options.publicKey) return;
    form.elements.credential.value = JSON.stringify(await ask(options, { mediation: "conditional", signal }));
    form.submit();
  } catch { /* none was chosen */ }
}

async function run(form) {
  waiting?.abort();
  const said = form.querySelector("[data-passkey-says]");
  said.textContent = "";
  form.setAttribute("aria-busy", "true");
  try {
    const options = await fetched(form);
    if (!options.publicKey) throw new Error(options.error ?? "That did not work. Load the page anew.");
    const done = await (form.dataset.passkey === "make" ? make(options) : ask(options));
    form.elements.credential.value = JSON.stringify(done);
    form.submit();
  } catch (error) {
    // What a browser says differs from one to the next, and tells a person little.
    said.textContent = error instanceof DOMException
      ? (error.name === "InvalidStateError" ? "This device has a passkey for the account already." : "No passkey was used. Try again, or take another way.")
      : error.message;
  } finally {
    form.removeAttribute("aria-busy");
  }
}

if (globalThis.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!form.hasAttribute("aria-busy")) run(form);
    });
  }
  const typed = document.querySelector("input[autocomplete~=webauthn]");
  const form = document.querySelector("form[data-passkey=ask]");
  if (typed && form && await globalThis.PublicKeyCredential.isConditionalMediationAvailable?.()) {
    // Not before somebody is about to log in: looking at the page keeps nothing.
    typed.addEventListener("focus", () => offer(form), { once: true });
    if (document.activeElement === typed) offer(form);
  }
}
