/* Places a form of this site in any page: <script src="…/forms/embed.js" data-form="contact" async></script>
   It makes one frame, sets no cookie, and lets the frame say how tall it is. */
(() => {
  const here = document.currentScript;
  const origin = new URL(here.src).origin;
  const frame = document.createElement("iframe");
  frame.src = `${origin}/forms/${encodeURIComponent(here.dataset.form || "contact")}/embed`;
  frame.title = here.dataset.title || "Form";
  frame.width = "100%";
  frame.height = "640";
  frame.setAttribute("frameborder", "0");
  frame.referrerPolicy = "origin";
  here.after(frame);
  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const height = event.data && event.data.kit === "height" ? Number(event.data.height) : 0;
    if (height > 0 && height < 20000) frame.height = String(Math.ceil(height));
  });
})();
