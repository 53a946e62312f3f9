// Shows what a draft would say of a conversation while it is typed, reads a file into the form, and
// leads to the line that an error names.
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

  // Leads to the line of the text that an error names, and marks it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    const text = document.getElementById("text");
    const lines = text.value.split("\n");
    const number = Number(link.dataset.line) - 1;
    const start = lines.slice(0, number).join("\n").length + (number > 0 ? 1 : 0);
    text.blur();
    text.setSelectionRange(start, start);
    text.focus(); // a browser scrolls to the place of the caret when the field takes the focus
    text.setSelectionRange(start, start + (lines[number] || "").length);
  });

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
