// Reports which pages are looked at: what the policy's clause names, and nothing else. It sets no
// cookie, keeps nothing in the browser, and asks no other server than the one it came from.
const to = new URL("/web/report", document.currentScript.src).href;
const takes = (name) => GIVEN.fields.includes(name);
const send = (told) => {
  const body = JSON.stringify(told);
  fetch(to, { method: "POST", body, keepalive: true, mode: "cors", credentials: "same-origin" }).catch(() => {});
};
const parsed = (text) => {
  try {
    return new URL(text);
  } catch {
    return null;
  }
};
const first = (params, names) => names.map((name) => params.get(name)).find(Boolean);
let here = "";
const view = () => {
  if (location.pathname === here) return;
  const told = { pages: [location.pathname] };
  const from = here ? null : parsed(document.referrer);
  const kind = performance.getEntriesByType("navigation")[0]?.type;
  if (here) told.pages.push(here);
  else if (kind === "reload" || kind === "back_forward") told.pages.push(location.pathname);
  else if (from && from.origin === location.origin) told.pages.push(from.pathname);
  else if (from && takes("referrer")) told.referrer = from.origin + from.pathname;
  if (!here) {
    const asked = new URLSearchParams(location.search);
    const words = first(asked, ["utm_term", "q"]) || (from && first(from.searchParams, ["q", "query", "p", "text", "wd"]));
    if (words && takes("search-terms")) told["search-terms"] = words.slice(0, 200);
    const tag = first(asked, ["utm_campaign"]);
    if (tag && takes("campaign")) told.campaign = tag.slice(0, 80);
  }
  here = location.pathname;
  send(told);
};
const begin = () => {
  view();
  for (const name of ["pushState", "replaceState"]) {
    const before = history[name].bind(history);
    history[name] = (...given) => {
      before(...given);
      view();
    };
  }
  addEventListener("popstate", view);
};
const clicked = (event) => {
  const link = event.target.closest?.("a[href]");
  const leads = link && parsed(link.href);
  if (!leads || !/^https?:$/.test(leads.protocol)) return;
  const file = link.hasAttribute("download") || /\.(pdf|zip|docx?|xlsx?|csv|dmg|exe|mp4|mp3|ics)$/i.test(leads.pathname);
  if (leads.origin === location.origin && !file) return;
  const told = { pages: [location.pathname], [GIVEN.link]: leads.origin + leads.pathname };
  if (file && takes("actions")) told.actions = "download";
  send(told);
};
if (GIVEN.link) for (const name of ["click", "auxclick"]) addEventListener(name, clicked, true);
// A page made ready beforehand, or in a tab behind, is counted when somebody looks at it.
const seen = () => {
  if (document.prerendering || document.visibilityState === "hidden") return;
  removeEventListener("visibilitychange", seen, true);
  document.removeEventListener("prerenderingchange", seen);
  begin();
};
if (document.prerendering || document.visibilityState === "hidden") {
  addEventListener("visibilitychange", seen, true);
  document.addEventListener("prerenderingchange", seen);
} else begin();
