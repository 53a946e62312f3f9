// What is seen: turns in order, events between them, what is not sent yet, buttons and scales.

import { choice, make } from "./parts.js";
import { scale } from "./scale.js";
import { locale, say } from "./words.js";

const $ = (id) => document.getElementById(id);
const log = $("log");
const turns = $("turns");
const pending = $("pending");
const NEAR_END_PX = 80;

const known = new Set(); // what is shown: conversation and id of each turn and event
const order = []; // conversations, in the order they were first seen

function sayTime(at) {
  const moment = new Date(at);
  const today = moment.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  const format = new Intl.DateTimeFormat(locale, { ...day, hour: "2-digit", minute: "2-digit" });
  const time = make("time", "", format.format(moment));
  time.dateTime = at;
  return time;
}

const LINK = /^(https?:\/\/[^\s<>"]+?|\/help\/[a-z0-9-]+)([.,;:!?)]*)$/;

// Addresses in what we say can be followed; they open beside the chat, which stays.
function withLinks(text) {
  return text.split(/(\s+)/).flatMap((part) => {
    const found = LINK.exec(part);
    if (!found) return [part];
    const link = make("a", "", found[1]);
    link.href = found[1];
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return [link, found[2]];
  });
}

const NAMES = { customer: say("you"), bot: say("assistant") };
const BOT_LANGUAGE = document.body.dataset.botLanguage;

function turnElement(turn, note) {
  const item = make("li", `turn ${turn.role}`);
  item.dataset.id = turn.id;
  const words = make("p", "words");
  words.append(...(turn.role === "customer" ? [turn.text] : withLinks(turn.text)));
  words.dir = "auto";
  words.id = `words-${turn.id}`;
  if (turn.role === "bot") words.lang = BOT_LANGUAGE;
  const name = NAMES[turn.role] ?? turn.author ?? say("colleague");
  item.dataset.name = name;
  const seenName = make("span", "", name);
  seenName.setAttribute("aria-hidden", "true"); // heard before the words, seen below them
  const said = make("p", "said");
  said.append(seenName);
  if (turn.at) said.append(" · ", sayTime(turn.at));
  const mark = make("span", "mark-of", note ? ` · ${note}` : "");
  mark.setAttribute("aria-live", "off"); // there for who looks for it, not read out each time
  said.append(mark);
  item.append(make("span", "unseen", `${name}: `), words, said);
  return item;
}

function atEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
}

// In a conversation by position; what is said in one that another has followed stands by its time.
function place(item, conversation, comesAfter) {
  const wasAtEnd = atEnd();
  if (!order.includes(conversation)) order.push(conversation);
  item.dataset.conversation = conversation;
  const at = Date.parse(item.dataset.at);
  const next = [...turns.children].find((other) =>
    other.dataset.conversation === conversation
      ? comesAfter(other)
      : Date.parse(other.dataset.at) > at,
  );
  turns.insertBefore(item, next ?? null);
  $("empty").hidden = true;
  $("copies").hidden = false;
  refreshChoices();
  refreshMarks();
  follow(wasAtEnd);
}

export function follow(wasAtEnd) {
  if (wasAtEnd) log.scrollTop = log.scrollHeight;
  $("newer").hidden = wasAtEnd;
}

export function isShown(turn) {
  return known.has(`${turn.conversation} ${turn.id}`);
}

export function showTurn(turn, press) {
  if (isShown(turn)) return;
  known.add(`${turn.conversation} ${turn.id}`);
  removePending(turn.id);
  const item = turnElement(turn);
  item.dataset.position = turn.position;
  item.dataset.at = turn.at;
  if (turn.buttons) item.append(choices(turn, press));
  item.classList.toggle("has-choices", Boolean(turn.buttons));
  place(item, turn.conversation, (other) => Number(other.dataset.position) > turn.position);
}

export function showNotice(notice) {
  const key = `${notice.conversation} event ${notice.number}`;
  if (known.has(key)) return;
  known.add(key);
  const item = make("li", "event", notice.text);
  item.dataset.at = notice.at;
  item.dataset.kind = notice.kind;
  const at = Date.parse(notice.at);
  place(item, notice.conversation, (other) => Date.parse(other.dataset.at) > at);
}

// not sent yet

export function showPending(message) {
  if (pending.querySelector(`[data-id="${CSS.escape(message.id)}"]`)) return;
  const item = turnElement({ id: message.id, role: "customer", text: message.text }, say("sending"));
  item.classList.add("waiting");
  pending.append(item);
  $("empty").hidden = true;
  refreshChoices();
  log.scrollTop = log.scrollHeight;
}

export function removePending(id) {
  pending.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
  refreshChoices();
}

// quick replies and scales: the newest alone, while no person is there to answer
let holder = "bot";

function choices(turn, press) {
  if (turn.buttons.some((button) => button.value !== null)) return scale(turn, press, showTrouble);
  const group = make("div", "choices offered");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", turn.scale ? turn.text : say("quick"));
  const className = turn.scale ? "skip" : "choice";
  group.append(...turn.buttons.map((button) => choice(button, press, className)));
  return group;
}

// The customer's last words have arrived; every one before them has as well.
function refreshMarks() {
  const mine = [...turns.children].filter((item) => item.classList.contains("customer"));
  for (const item of mine) {
    const text = item === mine.at(-1) ? ` · ✓ ${say("delivered")}` : "";
    item.querySelector(".mark-of").textContent = text;
  }
}

export function shownItems() {
  return [...turns.children];
}

// What was offered before somebody said something else, a person came, or more was offered is over.
const ENDS_OFFERS = ".customer, .agent, [data-kind=taken], [data-kind=transferred], .has-choices";

function refreshChoices() {
  const items = [...turns.children];
  const last = items.findLastIndex((item) => item.matches(ENDS_OFFERS));
  items.forEach((item, index) => {
    const offered = item.querySelector(".offered");
    const isOver = index < last || pending.children.length > 0 || holder === "person";
    if (offered) offered.hidden = isOver;
  });
}

// who answers, and whether we are connected

function setLine(line, text) {
  if (line.textContent !== text) line.textContent = text; // the same is not read out again
}

export function showState(state) {
  if (state && order.slice(0, -1).includes(state.conversation)) return; // another has followed it
  holder = state?.holder ?? "bot";
  const person = say("with", { name: state?.agent ?? say("someone") });
  setLine($("who"), holder === "waiting" ? sayPlace(state.place) : holder === "person" ? person : say(holder));
  $("person").setAttribute("aria-disabled", String(holder === "waiting" || holder === "person"));
  refreshChoices();
}

export function showPlace({ conversation, place }) {
  if (holder === "waiting" && order.at(-1) === conversation) setLine($("who"), sayPlace(place));
}

function sayPlace(place) {
  if (!place) return say("waiting");
  return place === 1 ? say("next") : say("place", { n: place });
}

export function showConnection(state) {
  const line = $("connection");
  setLine(line, say(state));
  line.classList.toggle("is-away", state === "reconnecting");
  if (state !== "connected") showTyping(false);
}

export function showTyping(isOn) {
  const wasAtEnd = atEnd();
  $("typing").hidden = !isOn;
  if (wasAtEnd) log.scrollTop = log.scrollHeight;
}

export function showTrouble(sentence) {
  $("trouble").textContent = sentence;
}

log.addEventListener("scroll", () => {
  if (atEnd()) $("newer").hidden = true;
});
$("newer").addEventListener("click", () => {
  log.scrollTop = log.scrollHeight;
  log.focus();
});
