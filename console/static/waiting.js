// The numbers of customers who wait, of open alerts, of new tasks and of own evaluations to read, in the page's head.
"use strict";
(() => {
  // The number is seen, so that the rooms fit in one line; what it counts is heard, and a tooltip.
  function tell(id, count, what) {
    const badge = document.getElementById(id); // only who has to do with it has one
    if (!badge) return;
    const said = document.createElement("span");
    said.className = "unseen";
    said.textContent = ` ${what}`;
    badge.hidden = !count;
    badge.title = `${count} ${what}`;
    badge.replaceChildren(String(count), said);
  }
  const show = (waiting) => tell("waiting", waiting, "waiting");
  document.addEventListener("parley-waiting", (event) => show(event.detail)); // from inbox.js, at once

  async function refresh() {
    if (document.hidden) return;
    let answer;
    try {
      const response = await fetch("/waiting", { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      answer = await response.json();
    } catch {
      return; // the console is away for a moment; the next round tells
    }
    show(answer.waiting);
    tell("alerts", answer.alerts, "open");
    tell("coaching", answer.coaching, "new"); // tasks that one has not acknowledged
    tell("evaluations", answer.evaluations, "to read");
  }
  refresh();
  setInterval(refresh, 10000);
  document.addEventListener("visibilitychange", refresh);
  document.getElementById("sign-out").addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("parley-draft-")) localStorage.removeItem(key); // the computer may be shared
    }
  });
})();
