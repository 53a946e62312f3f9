// Shows what a draft would say of a conversation while it is typed, and reads a file into the form.
"use strict";
(() => {
  const editor = document.getElementById("editor");
  const shown = document.getElementById("preview");
  const file = document.getElementById("import-file");
  const PAUSE = 700; // milliseconds without a key before the preview is asked for
  let timer = 0;
  let asked = 0;

  async function preview() {
    const number = ++asked;
    const form = new URLSearchParams(new FormData(editor));
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch("/scorecards/preview", { method: "POST", body: form });
      const text = await answer.text();
      if (number !== asked) return; // a later one is on its way
      if (answer.ok) {
        const page = new DOMParser().parseFromString(text, "text/html");
        shown.replaceChildren(...page.body.childNodes);
      } else {
        shown.textContent = "The preview could not be made; the button beside the text tries again.";
      }
    } catch {
      if (number === asked) shown.textContent = "No answer from Parley; your text is still here.";
    }
    if (number === asked) shown.removeAttribute("aria-busy");
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(preview, PAUSE);
  }

  if (editor) {
    let changed = "unsaved" in editor.dataset;
    editor.elements.text.addEventListener("input", () => { changed = true; soon(); });
    editor.elements.conversation.addEventListener("change", preview);
    editor.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  if (file) {
    file.parentElement.hidden = false;
    file.addEventListener("change", async () => {
      const [chosen] = file.files;
      if (!chosen) return;
      const form = document.getElementById("import");
      form.elements.text.value = await chosen.text();
      form.elements.kind.value = /\.csv$/i.test(chosen.name) ? "csv" : "yaml";
    });
  }
})();
