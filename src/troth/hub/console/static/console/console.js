// The list beside the detail: which row is open, what a phone shows, and failures in plain sight.
function mark() {
  for (const link of document.querySelectorAll("[data-walk] .item-head a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:pushedIntoHistory", () => {
  mark();
  const panes = document.querySelector(".panes");
  if (panes) panes.dataset.show = "detail";
  document.getElementById("main")?.scrollTo(0, 0);
});

// A refused or broken part is a page of its own: go there, so that it can be read.
document.addEventListener("htmx:responseError", (event) => {
  const { requestConfig, boosted } = event.detail;
  if (boosted || requestConfig.verb === "get") location.assign(requestConfig.path);
});

// A download leaves the page where it is, so its form is ready for another.
document.addEventListener("submit", (event) => {
  if ("download" in event.target.dataset) setTimeout(() => delete event.target.dataset.sent, 1500);
});
