// Calls over HTTP. A refusal is thrown as the answer's own words; a lost network as `lost`.
async function call(path, { body, raw, live, method, name } = {}) {
  const headers = {};
  if (kept.ref) Object.assign(headers, { "X-Chat-Ref": kept.ref, "X-Chat-Secret": kept.secret });
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (name) headers["X-File-Name"] = encodeURIComponent(name);
  let answer;
  try {
    answer = await fetch((live || BASE) + path, {
      method: method || (body !== undefined || raw ? "POST" : "GET"),
      headers, body: raw || (body === undefined ? undefined : JSON.stringify(body)),
      credentials: "same-origin", mode: "cors", cache: "no-store", referrerPolicy: "no-referrer",
    });
  } catch {
    throw { lost: true };
  }
  if (answer.ok) return answer;
  let told = {};
  try {
    told = await answer.json();
  } catch {
    // A proxy's page: its status has to do.
  }
  throw { lost: answer.status >= 502 || answer.status === 429, status: answer.status, ...told };
}
const ask = async (path, given) => (await call(path, given)).json();
const ofChat = (what) => `/chat/${kept.ref}/${what}`;
