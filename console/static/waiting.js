// The numbers of customers who wait, of open alerts, of new tasks and of own evaluations to read, in the page's head.
"use strict";
(() => {
  const badge = document.getElementById("waiting");
  function show(waiting) {
    badge.hidden = waiting === 0;
    badge.textContent = `${waiting} waiting`;
  }
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
    const alerts = document.getElementById("alerts"); // only who sees to alerts has it
    if (alerts) {
      alerts.hidden = !answer.alerts;
      alerts.textContent = `${answer.alerts} open`;
    }
    const coaching = document.getElementById("coaching"); // tasks that one has not acknowledged
    coaching.hidden = !answer.coaching;
    coaching.textContent = `${answer.coaching} new`;
    const own = document.getElementById("evaluations"); // only who is evaluated has it
    if (own) {
      own.hidden = !answer.evaluations;
      own.textContent = `${answer.evaluations} to read`;
    }
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
