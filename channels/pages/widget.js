// One script tag puts the chat on a page: a button, and a panel that shows our own page in a frame.
// The frame is of our origin: the site's scripts cannot read what is said there, and the site's
// Content-Security-Policy needs this origin in script-src and frame-src, and nothing else.
(() => {
  const LANGUAGES = /* LANGUAGES */ {};
  const READY_MS = 8000; // the frame says so at once; a refused one never does
  const PHONE = matchMedia("(max-width: 30rem), (max-height: 26rem)"); // the panel takes it all
  const KEPT = "parley.widget"; // "open" or "closed", in this tab, once the chat was opened

  const tag = document.currentScript;
  if (!tag || document.querySelector("parley-chat")) return;
  const origin = new URL(tag.src).origin;
  const asked = tag.dataset;

  const wanted = asked.language || document.documentElement.lang || "en";
  const language = LANGUAGES[wanted.toLowerCase().split("-")[0]] ? wanted.toLowerCase().split("-")[0] : "en";
  const words = LANGUAGES[language];
  const title = asked.title || words.title;
  const colour = /^#?[0-9a-f]{6}$/i.test(asked.colour || asked.color || "")
    ? (asked.colour || asked.color).replace("#", "").toLowerCase()
    : "";
  const theme = ["light", "dark"].includes(asked.theme) ? asked.theme : "auto";
  const side = { left: "left", right: "right", start: "inset-inline-start" }[asked.position] || "inset-inline-end";

  function kept(value) {
    try {
      if (value) sessionStorage.setItem(KEPT, value);
      return sessionStorage.getItem(KEPT);
    } catch {
      return null; // forbidden here: the chat is closed after a reload, and nothing of it is lost
    }
  }

  // black or white, whichever is read better on the colour (WCAG 2.2, relative luminance)
  function ink(hex) {
    const linear = [0, 2, 4].map((at) => {
      const share = parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.179 ? "#fff" : "#000";
  }

  function style() {
    const back = colour ? `#${colour}` : "#1f5a45";
    const dark = "--sheet: #121e1b; --text: #e8eeea; --line: #273732; --focus: #7cc9e8;";
    const sheet = new CSSStyleSheet(); // made by script, so no style-src is needed for it
    sheet.replaceSync(`
      :host { all: initial; color-scheme: light dark; position: fixed; inset-block-end: 0; ${side}: 0; z-index: 2147483000;
        --back: ${back}; --ink: ${ink(back.slice(1))}; --sheet: #fbfaf6; --text: #1c2a26; --line: #dcd8cc; --focus: #0a6a92; }
      ${theme === "dark" ? `:host { ${dark} }` : ""}
      ${theme === "auto" ? `@media (prefers-color-scheme: dark) { :host { ${dark} } }` : ""}
      * { box-sizing: border-box; }
      [hidden] { display: none !important; }
      button, a, p { font: 1rem/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
      .launcher { position: relative; display: grid; place-items: center; width: 3.5rem; height: 3.5rem; margin: 1rem;
        padding: 0; border: 2px solid var(--sheet); border-radius: 50%; background: var(--back); color: var(--ink);
        box-shadow: 0 2px 12px rgb(0 0 0 / 25%); cursor: pointer; }
      .launcher svg { width: 1.75rem; height: 1.75rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
      .launcher[aria-expanded="true"] .bubble, .launcher[aria-expanded="false"] .down { display: none; }
      .launcher[aria-busy="true"] svg { opacity: .5; }
      :focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; box-shadow: 0 0 0 3px var(--sheet); }
      .count { position: absolute; inset-block-start: -.375rem; inset-inline-end: -.375rem; min-width: 1.5rem; padding: 0 .375rem;
        border-radius: .75rem; background: #9c2f1b; color: #fff; font-size: .875rem; font-weight: 600; line-height: 1.5rem; text-align: center; }
      .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
      dialog { position: fixed; inset: auto; inset-block-end: 5.5rem; ${side}: 1rem; width: 25rem; max-width: calc(100vw - 2rem);
        height: 40rem; max-height: calc(100dvh - 6.5rem); margin: 0; padding: 0; overflow: hidden; border: 1px solid var(--line);
        border-radius: 1rem; background: var(--sheet); color: var(--text); box-shadow: 0 8px 40px rgb(0 0 0 / 25%); }
      dialog:modal { inset: 0; width: 100%; max-width: none; height: 100%; height: 100dvh; max-height: none; border: 0; border-radius: 0; }
      iframe { display: block; width: 100%; height: 100%; border: 0; }
      .trouble { padding: 1rem; }
      .trouble a, .trouble button { display: inline-block; min-height: 2.75rem; margin: .5rem; padding: .5rem; color: inherit; background: none; border: 1px solid currentColor; border-radius: .5rem; }
      @media print { :host { display: none; } }
    `);
    return sheet;
  }

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function drawing(className, path) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const line = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", className);
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  const host = make("parley-chat", { dir: words.dir, lang: language });
  const root = host.attachShadow({ mode: "open" });
  const count = make("span", { class: "count", "aria-hidden": "true", hidden: "" });
  const news = make("p", { class: "unseen", role: "status" });
  const bubble = drawing("bubble", "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z");
  const launcher = make("button", { class: "launcher", type: "button", "aria-expanded": "false" }, bubble, drawing("down", "M6 9l6 6 6-6"), count);
  const away = make("button", { type: "button" }, words.close);
  const link = make("a", { href: `${origin}/?language=${language}`, target: "_blank", rel: "noopener" }, words.window);
  const trouble = make("div", { class: "trouble", role: "alert", hidden: "" }, make("p", {}, words.failed), link, away);
  const dialog = make("dialog", { "aria-label": title }, trouble);

  let frame = null;
  let isReady = false;
  let isOpen = false;
  let unread = 0;

  function load() {
    if (frame) return;
    const look = new URLSearchParams({ language, theme, ...(colour && { colour }) });
    frame = make("iframe", { src: `${origin}/widget?${look}`, title, referrerpolicy: "origin" });
    dialog.prepend(frame);
    setTimeout(() => {
      if (isReady) return;
      frame.hidden = true;
      trouble.hidden = false;
      console.warn(`The chat of ${origin} does not open on ${location.origin}. Is this origin in PARLEY_WIDGET_ORIGINS, and ${origin} in this site's frame-src?`);
    }, READY_MS);
  }

  function tell(kind, more) {
    if (isReady) frame.contentWindow.postMessage({ parley: kind, ...more }, origin);
  }

  // On a phone the panel covers the page, so the focus stays in it; beside the page it may leave.
  function show(hasAsked) {
    if (dialog.open) dialog.close();
    if (PHONE.matches) dialog.showModal();
    else if (hasAsked) dialog.show();
    else dialog.open = true; // after a reload: without taking the focus
  }

  function open(hasAsked) {
    load();
    isOpen = true;
    kept("open");
    show(hasAsked);
    if (hasAsked) frame.focus();
    tell("shown", { focus: hasAsked });
    note(0);
  }

  function close() {
    isOpen = false;
    kept("closed");
    tell("hidden");
    if (dialog.open) dialog.close();
    note(0);
    launcher.focus();
  }

  function note(number) {
    unread = number;
    const told = unread ? words.new.replace("{n}", unread) : "";
    count.hidden = !unread;
    count.textContent = unread || "";
    news.textContent = told;
    launcher.setAttribute("aria-expanded", String(isOpen));
    launcher.setAttribute("aria-label", isOpen ? words.close : [words.open, told].filter(Boolean).join(", "));
  }

  const hears = {
    ready() {
      isReady = true;
      trouble.hidden = true;
      frame.hidden = false;
      if (asked.title) tell("title", { title });
      tell(isOpen ? "shown" : "hidden", { focus: isOpen && root.activeElement === frame });
    },
    close,
    unread: (message) => isOpen || note(Math.max(0, Math.trunc(Number(message.count)) || 0)),
  };

  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    if (Object.hasOwn(hears, event.data?.parley)) hears[event.data.parley](event.data);
  });
  launcher.addEventListener("click", () => (isOpen ? close() : open(true)));
  away.addEventListener("click", close);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  PHONE.addEventListener("change", () => isOpen && show(root.activeElement !== null));
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-parley-open]") && !isOpen) open(true);
  });

  function begin() {
    root.adoptedStyleSheets = [style()];
    root.append(news, launcher, dialog);
    document.body.append(host);
    note(0);
    if (kept() === "open") open(false);
    else if (kept() === "closed") load(); // to tell of new messages
  }

  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
