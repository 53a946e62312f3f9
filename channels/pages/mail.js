// A copy by e-mail: asked for in a dialog; what becomes of it is said between the turns.

import { newId, read, write } from "./outgoing.js";
import { showNotice } from "./view.js";
import { say } from "./words.js";

const ASKED = "parley.copy"; // the one on its way, asked after when the page is back
const $ = (id) => document.getElementById(id);
const dialog = $("mail");
const field = $("mail-address");
let id;

async function call(token, path, more) {
  const headers = { "X-Parley-Visitor": read(token) };
  const response = await fetch(`/copies${path}`, { headers, ...more });
  return response.json();
}

export function showCopy(copy) {
  if (copy.state !== "waiting") write(ASKED, "");
  const key = `mail_${copy.reason ?? copy.state}`;
  showNotice({ ...copy, number: copy.id + key, text: say(key) });
}

export function askAfter(token) {
  const asked = read(ASKED);
  if (asked) call(token, `/${asked}`).then(showCopy).catch(() => {});
}

function trouble(text) {
  $("mail-trouble").textContent = text;
  field.setAttribute("aria-invalid", text !== "");
  field.focus();
}

async function ask(token) {
  const body = JSON.stringify({ id, address: field.value, language: document.documentElement.lang });
  const copy = await call(token, "", { method: "POST", body });
  if (copy.error) return trouble(say(`mail_${copy.error.code}`));
  write(ASKED, id);
  showCopy(copy);
  dialog.close();
}

export function offerCopies(token) {
  if (!dialog) return;
  $("mail-open").addEventListener("click", () => {
    id = newId();
    dialog.showModal();
    trouble("");
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // Escape closes it alone
  $("mail-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(token).catch(() => trouble(say("mail_lost"))); // no connection, or a code without words
  });
}
