// The chat: what is written is kept, sent one by one, and shown when the server has stored it.

import * as frame from "./frame.js";
import { Link } from "./link.js";
import { askAfter, offerCopies, showCopy } from "./mail.js";
import { drop, isKey, keep, read, waiting, write } from "./outgoing.js";
import { offerPictures } from "./pictures.js";
import { save } from "./transcript.js";
import * as view from "./view.js";
import { say } from "./words.js";

const TOKEN = "parley.token";
const RETRY_MS = 2000;
const COUNT_FROM = 0.8; // of the limit: earlier nobody needs a counter

const $ = (id) => document.getElementById(id);
const words = $("words");
const limit = Number(document.body.dataset.limit);

let last = null; // the last turn that we have: conversation and position
let isReady = false; // welcomed
let inFlight = null; // id of the message that waits for its acknowledgement
let isDelayed = false; // the server asked us to try again
let shownToken = null; // the token that hello showed

const link = new Link({ onOpen: hello, onMessage: take, onState: connection });

function connection(state) {
  if (state !== "connected") {
    isReady = false;
    inFlight = null;
  }
  view.showConnection(state);
}

function hello() {
  shownToken = read(TOKEN);
  link.send({ type: "hello", token: shownToken, after: last });
}

function take(message) {
  const { showNotice: notice, showState: state, showPlace: place } = view;
  const does = { welcome, ack, refused, turn, notice, state, place, typing, copy: showCopy };
  does[message.type]?.(message);
}

function welcome(message) {
  const other = read(TOKEN);
  if (shownToken === null && other !== null && other !== message.token) {
    link.restart(); // another tab was first: be the same visitor
    return;
  }
  write(TOKEN, message.token);
  isReady = true;
  link.settled();
  if (last) message.turns.forEach(noteNew); // after a reload all of them are old
  message.turns.forEach(show);
  message.notices.forEach(view.showNotice);
  view.showState(message.state);
  askAfter(TOKEN);
  seen();
  flush();
}

function show(message) {
  view.showTurn(message, (button) => send({ type: "press", button: button.id, text: button.title }));
  if (message.role === "customer") drop(message.id);
  reached(message);
}

function noteNew(message) {
  if (!view.isShown(message)) frame.noteTurn(message);
}

function reached({ conversation, position }) {
  const isFurther = last?.conversation !== conversation || position > last.position;
  if (isFurther) last = { conversation, position };
}

function seen() {
  if (last) link.send({ type: "seen", ...last });
}

function turn(message) {
  noteNew(message);
  show(message);
  if (message.role !== "customer") {
    view.showTyping(false);
    seen();
  }
}

function typing(message) {
  view.showTyping(message.on);
}

function ack(message) {
  drop(message.id);
  view.showTurn({ ...message, role: "customer" }, () => {});
  reached(message);
  inFlight = null;
  if (isDelayed) view.showTrouble("");
  isDelayed = false;
  flush();
}

function refused(message) {
  isDelayed = message.retry;
  if (message.id !== null && message.id === inFlight) inFlight = null;
  view.showTrouble(message.message);
  if (message.retry) {
    setTimeout(flush, RETRY_MS);
    return;
  }
  const refusedOne = waiting().find((kept) => kept.id === message.id);
  if (refusedOne) giveBack(refusedOne);
  flush();
}

function giveBack(message) {
  drop(message.id);
  view.removePending(message.id);
  if (message.type === "say" && words.value === "") words.value = message.text;
  measure();
}

// sending

function send(message) {
  view.showTrouble("");
  view.showPending(keep(message));
  flush();
  returnFocus();
}

function flush() {
  const next = waiting()[0];
  if (!isReady || inFlight !== null || !next) return;
  const { id, type, text, button } = next;
  const body = { say: { text }, press: { button }, person: {} }[type];
  if (link.send({ type, id, ...body })) inFlight = id;
}

function returnFocus() {
  const isTouch = matchMedia("(pointer: coarse)").matches;
  if (document.activeElement === words) return;
  if (isTouch) $("log").focus({ preventScroll: true }); // no keyboard over half the screen
  else words.focus();
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  if (tooMany() > 0) {
    view.showTrouble(say("long", { n: tooMany() }));
    return;
  }
  send({ type: "say", text });
  words.value = ""; // kept by now
  measure();
});

words.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("composer").requestSubmit();
});

words.addEventListener("input", () => {
  view.showTrouble("");
  measure();
});

function tooMany() {
  return [...words.value.trim()].length - limit; // code points, as the server counts
}

function measure() {
  words.style.height = "auto";
  words.style.height = `${Math.min(words.scrollHeight + 2, 144)}px`;
  const over = tooMany();
  const counter = $("counter");
  const text = over > 0 ? say("over", { n: over }) : say("left", { n: -over });
  counter.textContent = over > -limit * (1 - COUNT_FROM) ? text : "";
  counter.classList.toggle("over", over > 0);
}

$("person").addEventListener("click", () => {
  if ($("person").getAttribute("aria-disabled") === "true") {
    $("who").textContent = `${$("who").textContent}\u200b`; // said again by a screen reader
    return;
  }
  send({ type: "person", text: document.body.dataset.person });
});

for (const opener of document.querySelectorAll("[data-opener]")) {
  opener.addEventListener("click", () => send({ type: "say", text: opener.textContent.trim() }));
}

// another tab sent or received something

window.addEventListener("storage", (event) => {
  if (!isKey(event.key)) return;
  if (event.newValue === null) view.removePending(event.key.split(".").pop());
});

$("save").addEventListener("click", () => save(view.shownItems(), document.title));
offerPictures(TOKEN);
offerCopies(TOKEN);
waiting().forEach(view.showPending);
measure();
// Until here nothing could have been sent: a form without its script would lose what it holds.
for (const control of document.querySelectorAll(":disabled")) control.disabled = false;
frame.open({ onShown: shown });
link.open();
if (!frame.isFramed) words.focus({ preventScroll: true });

function shown(isAsked) {
  measure(); // what is not shown has no height
  view.follow(true);
  if (isAsked) words.focus({ preventScroll: true });
}
