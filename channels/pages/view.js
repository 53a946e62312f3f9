// What is seen: turns in order, events between them, what is not sent yet, buttons and scales.
// Words reach the page as text only, never as markup.

const $ = (id) => document.getElementById(id);
const log = $("log");
const turns = $("turns");
const pending = $("pending");
const NEAR_END_PX = 80;

const known = new Set(); // what is shown: conversation and id of each turn and event
const order = []; // conversations, in the order they were first seen

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function sayTime(at) {
  const moment = new Date(at);
  const today = moment.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  const format = new Intl.DateTimeFormat(undefined, { ...day, hour: "2-digit", minute: "2-digit" });
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

const NAMES = { customer: "You", bot: "Assistant" };

function turnElement(turn, note) {
  const item = make("li", `turn ${turn.role}`);
  item.dataset.id = turn.id;
  const words = make("p", "words");
  words.append(...(turn.role === "customer" ? [turn.text] : withLinks(turn.text)));
  words.dir = "auto";
  const name = NAMES[turn.role] ?? turn.author ?? "Our colleague";
  const seenName = make("span", "", name);
  seenName.setAttribute("aria-hidden", "true"); // heard before the words, seen below them
  const said = make("p", "said");
  said.append(seenName);
  if (turn.at) said.append(" · ", sayTime(turn.at));
  if (note) said.append(` · ${note}`);
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
  refreshChoices();
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
  const at = Date.parse(notice.at);
  place(item, notice.conversation, (other) => Date.parse(other.dataset.at) > at);
}

// not sent yet

export function showPending(message) {
  if (pending.querySelector(`[data-id="${CSS.escape(message.id)}"]`)) return;
  const item = turnElement({ id: message.id, role: "customer", text: message.text }, "sending…");
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

// quick replies and scales: those under what was said last, while no person is there to answer
let holder = "bot";

function choices(turn, press) {
  const buttons = turn.buttons.map((button) => {
    const made = make("button", "choice", button.title);
    made.type = "button";
    made.addEventListener("click", () => press(button));
    return made;
  });
  return turn.scale ? scale(turn, buttons) : list(turn, buttons);
}

function list(turn, buttons) {
  const group = make("div", "choices offered");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Quick replies");
  group.append(...buttons);
  return group;
}

function scale(turn, buttons) {
  const group = make("div", "scale offered");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", turn.text);
  const steps = make("div", "steps");
  const numbered = turn.buttons.filter((button) => button.value !== null);
  const hasLabels = numbered.length <= 5;
  turn.buttons.forEach((button, index) => {
    const made = buttons[index];
    if (button.value === null) {
      made.className = "skip";
      return;
    }
    const label = button.title.split(" – ")[1] ?? "";
    made.className = "step";
    made.setAttribute("aria-label", button.title);
    made.replaceChildren(make("b", "", String(button.value)));
    if (hasLabels) made.append(make("span", "", label));
    steps.append(made);
  });
  steps.addEventListener("keydown", moveAlong);
  if (numbered.length) group.append(steps);
  if (numbered.length && !hasLabels) group.append(ends(numbered));
  group.append(...buttons.filter((made) => made.className === "skip"));
  return group;
}

function ends(numbered) {
  const row = make("p", "ends");
  row.setAttribute("aria-hidden", "true"); // each button says its own label
  for (const button of [numbered[0], numbered.at(-1)]) {
    row.append(make("span", "", button.title.replace(" – ", " ")));
  }
  return row;
}

function moveAlong(event) {
  const step = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
  if (!step) return;
  event.target.closest("button")?.[step]?.focus();
  event.preventDefault();
}

function refreshChoices() {
  const said = [...turns.children].filter((item) => item.dataset.position !== undefined);
  const last = said.findLastIndex((item) => item.classList.contains("customer"));
  said.forEach((item, index) => {
    const offered = item.querySelector(".offered");
    const isOver = index < last || pending.children.length > 0 || holder === "person";
    if (offered) offered.hidden = isOver;
  });
}

// who answers, and whether we are connected

export function showState(state) {
  if (state && order.slice(0, -1).includes(state.conversation)) return; // another has followed it
  holder = state?.holder ?? "bot";
  const sentences = {
    bot: "You are talking with our assistant, a bot.",
    waiting: "Waiting for a person. You need not repeat anything.",
    person: `You are talking with ${state?.agent ?? "a person"}.`,
    closed: "This conversation has ended.",
  };
  if ($("who").textContent !== sentences[holder]) $("who").textContent = sentences[holder];
  $("person").setAttribute("aria-disabled", String(holder === "waiting" || holder === "person"));
  refreshChoices();
}

export function showConnection(state) {
  const sentences = {
    connecting: "Connecting…",
    connected: "Connected.",
    reconnecting: "Reconnecting… What you write is kept and sent then.",
  };
  const line = $("connection");
  if (line.textContent !== sentences[state]) line.textContent = sentences[state];
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
