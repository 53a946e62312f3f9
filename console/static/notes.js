// A note that is being written: it outlives a reload, and stays where it is when it cannot be kept.
"use strict";
(() => {
  const note = document.getElementById("note");
  const error = document.getElementById("note-error");
  const key = `parley-note-${document.getElementById("main").dataset.conversation}`;

  async function send() {
    let response;
    try {
      response = await fetch(note.form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(note.form)),
      });
    } catch {
      throw new Error("The console did not answer. Try again in a moment.");
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Error(answer?.error?.message || `The console answered ${response.status}.`);
  }

  note.value = localStorage.getItem(key) ?? note.value;
  note.addEventListener("input", () => localStorage.setItem(key, note.value));
  note.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = note.form.querySelector("button");
    button.disabled = true;
    error.hidden = true;
    try {
      await send();
      localStorage.removeItem(key);
      note.value = ""; // else the browser would write it there again
      location.hash = "notes";
      location.reload();
    } catch (reason) {
      const said = reason.message;
      error.textContent = `${said}${/[.!?…]$/.test(said) ? "" : "."} Your words are still here.`;
      error.hidden = false;
      button.disabled = false;
    }
  });
})();
