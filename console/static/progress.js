// Recordings on their way: asks for the state of every element with data-poll until it is done.
"use strict";
(() => {
  const wait = 2000; // milliseconds
  async function look(element) {
    let answer;
    try {
      const response = await fetch(element.dataset.poll, { headers: { Accept: "application/json" } });
      answer = await response.json();
      if (!response.ok) throw new Error(answer.error.message);
    } catch {
      return; // asked again in two seconds
    }
    const text = answer.error || answer.step;
    if (element.textContent !== text) element.textContent = text;
    if (element.dataset.then === "reload") {
      const shown = document.querySelector(".steps").dataset.state;
      if (answer.state !== shown) location.reload();
      return;
    }
    if (answer.state === "scored" || answer.state === "failed") delete element.dataset.poll;
    if (answer.state === "scored" && answer.conversation) {
      const link = document.createElement("a");
      link.href = `/conversations/${answer.conversation}`;
      link.textContent = "Open the conversation";
      element.textContent = "";
      element.append("Done. ", link);
    }
  }
  setInterval(() => {
    if (!document.hidden) for (const element of document.querySelectorAll("[data-poll]")) look(element);
  }, wait);
})();
