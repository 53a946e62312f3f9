// In a frame: what the site's widget.js and this page tell each other. Never words of the chat.
// Only the sites in PARLEY_WIDGET_ORIGINS can be around us (frame-ancestors), so whoever is may know.

export const isFramed = document.documentElement.classList.contains("framed");

let unread = 0;
let isShown = !isFramed;

function tell(kind, more = {}) {
  if (isFramed && window.parent !== window) window.parent.postMessage({ parley: kind, ...more }, "*");
}

export function open({ onShown }) {
  if (!isFramed) return;
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || window.parent === window) return;
    const { parley, title, focus } = event.data ?? {};
    if (parley === "title") document.getElementById("title").textContent = String(title).slice(0, 60);
    if (parley === "hidden") isShown = false;
    if (parley === "shown") {
      isShown = true;
      unread = 0;
      onShown(focus === true);
    }
  });
  document.getElementById("close").addEventListener("click", () => tell("close"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tell("close");
  });
  tell("ready");
}

export function noteTurn(turn) {
  if (isShown || turn.role === "customer") return;
  unread += 1;
  tell("unread", { count: unread });
}
