// A picture: chosen, checked here, sent beside the socket under an id of its own; shown once it is stored.

import { newId, read } from "./outgoing.js";
import * as view from "./view.js";
import { say } from "./words.js";

const MIB = 1024 * 1024;
const KINDS = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const most = Number(document.body.dataset.pictureMib);
const button = document.getElementById("picture");
const chooser = document.getElementById("picture-file");

async function post(file, id, token) {
  const headers = { "X-Parley-Visitor": token, "X-Parley-Turn": id };
  let response;
  try {
    response = await fetch("/pictures", { method: "POST", headers, body: file });
  } catch {
    throw new Error(say("picture_lost"));
  }
  if (response.ok) return;
  const answer = await response.json().catch(() => null);
  throw new Error(`${say("picture_failed")} ${answer?.error?.message ?? ""}`.trim());
}

async function send(file, token) {
  const id = newId();
  view.showTrouble("");
  view.showPending({ id, text: say("picture_going") });
  button.disabled = true;
  try {
    await post(file, id, token); // the turn itself comes by the socket
  } catch (error) {
    view.removePending(id);
    view.showTrouble(error.message);
  }
  button.disabled = false;
}

export function offerPictures(tokenKey) {
  button?.addEventListener("click", () => chooser.click());
  chooser?.addEventListener("change", () => {
    const [file] = chooser.files;
    const token = read(tokenKey);
    if (!file) return;
    if (!KINDS.includes(file.type)) view.showTrouble(say("picture_kinds"));
    else if (file.size > most * MIB) view.showTrouble(say("picture_large", { n: most }));
    else if (!token) view.showTrouble(say("picture_early"));
    else send(file, token);
    chooser.value = ""; // the same one may be chosen again
  });
}
