// Asks whether the fields are right, then sends each file by itself, with a bar that shows how far it is.
"use strict";
(() => {
  const form = document.getElementById("upload");
  const list = document.getElementById("sent-list");
  const files = form.elements.files;
  const button = form.querySelector("button");
  const most = Number(form.dataset.most) * 1024 * 1024;

  function line(name) {
    const item = document.createElement("li");
    const title = document.createElement("strong");
    title.textContent = name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `Upload of ${name}`);
    const state = document.createElement("p");
    state.setAttribute("role", "status");
    item.append(title, bar, state);
    list.append(item);
    return { item, title, bar, state };
  }

  function refuse(shown, message) {
    shown.bar.remove();
    shown.state.className = "bad-word";
    shown.state.textContent = `✗ ${message}`;
  }

  function accept(shown, answer) {
    const [file] = answer.files;
    shown.bar.remove();
    const link = document.createElement("a");
    link.href = file.url;
    link.textContent = shown.title.textContent;
    shown.title.replaceChildren(link);
    const prefix = document.createElement("span");
    prefix.textContent = file.is_new ? "" : "This recording was here already. ";
    const progress = document.createElement("span");
    progress.textContent = "Received.";
    progress.dataset.poll = `${file.url}/state`;
    shown.state.append(prefix, progress);
  }

  function send(file, fields) {
    const shown = line(file.name);
    if (file.size === 0) return refuse(shown, `${file.name} is empty (0 bytes).`);
    if (file.size > most) return refuse(shown, `${file.name} is larger than ${form.dataset.most} MiB.`);
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    body.append("files", file, file.name);
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRF-Token", form.elements.csrf.value);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
      });
      request.addEventListener("load", () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* told below */ }
        if (request.status === 201 && answer) accept(shown, answer);
        else refuse(shown, answer?.error?.message || `The console answered ${request.status}.`);
        done();
      });
      request.addEventListener("error", () => {
        refuse(shown, "The connection broke; nothing was kept. Send it again.");
        done();
      });
      request.send(body);
    });
  }

  // What is wrong with the fields: at the field where it has a place for that, else above the button.
  function tell(error) {
    const own = error && document.getElementById(`${error.field}-error`);
    const place = own || document.getElementById("upload-error");
    for (const each of form.querySelectorAll('[role="alert"]')) each.hidden = true;
    form.elements.variables.removeAttribute("aria-invalid");
    if (!error) return;
    place.textContent = error.message;
    place.hidden = false;
    if (!own) return;
    form.elements[error.field].setAttribute("aria-invalid", "true");
    form.elements[error.field].focus();
  }

  async function wrong(fields) {
    try {
      const answer = await fetch("/upload/check", { method: "POST", body: new URLSearchParams(fields) });
      if (answer.ok) return null;
      const told = await answer.json();
      return told.error || { message: `The console answered ${answer.status}.` };
    } catch {
      return { message: "No answer from Parley; nothing was sent." };
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const fields = [...new FormData(form)].filter(([name]) => name !== "files");
    const error = await wrong(fields);
    tell(error);
    if (error) {
      button.disabled = false;
      return;
    }
    document.getElementById("sent-section").hidden = false;
    for (const file of [...files.files]) await send(file, fields);
    files.value = "";
    button.disabled = false;
  });
})();
