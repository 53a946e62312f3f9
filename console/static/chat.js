// A conversation that is still open, or whose score is being made: new turns, commands, the draft.
"use strict";
(() => {
  const main = document.getElementById("main");
  const { conversation, holder, version, score } = main.dataset;
  const base = `/conversations/${conversation}`;
  const turns = document.getElementById("turns");
  const template = document.getElementById("turn-template");
  const form = document.getElementById("answer");
  const draft = document.getElementById("draft");
  const note = document.getElementById("note");
  const key = `parley-draft-${conversation}`;
  const FORGET_AFTER_MS = 5000; // longer than a page takes to come
  const KEEP_AFTER_MS = 700; // of rest: a pause between two words, not between two letters
  let last = Number(main.dataset.last);
  let away = false;
  let isLeaving = false;
  const left = document.getElementById("left");
  let wasAway = false; // the customer has no page open

  function say(id, text) {
    const element = document.getElementById(id);
    if (!element) return;
    element.hidden = !text;
    if (text) element.textContent = text;
  }

  function sentence(text) {
    return /[.!?…]$/.test(text) ? text : `${text}.`;
  }

  // The draft: on this device at once and with the console a moment later, which keeps it for every device.
  let timer = 0;
  let keeping = Promise.resolve();
  const missing = document.getElementById("missing");
  const drop = document.getElementById("drop"); // to close, an answer that was not sent is given up

  function unfilled() { // the known values that still stand in braces
    const known = missing.dataset.placeholders.split(" ").map((name) => `{${name}}`);
    const names = draft.value.toLowerCase().match(/\{[a-z]+\}/g) || [];
    return [...new Set(names)].filter((name) => known.includes(name));
  }

  function changed() {
    localStorage.setItem(key, draft.value);
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER_MS);
    drop.hidden = !draft.value.trim();
    drop.querySelector("input").required = !drop.hidden;
    const open = unfilled();
    missing.hidden = !open.length;
    missing.querySelector("span").textContent = open.join(", ");
  }

  function forget(text) {
    if (draft.value === text && localStorage.getItem(key) === text) localStorage.removeItem(key);
  }

  function keep() {
    clearTimeout(timer);
    keeping = keeping.then(async () => {
      const text = draft.value;
      const values = new URLSearchParams({ csrf: form.elements.csrf.value, text });
      try {
        const response = await fetch(form.dataset.draft, {
          method: "POST", headers: { Accept: "application/json" }, body: values,
        });
        // Not at once: a page that is being loaded anew may have been made before this was kept.
        if (response.ok) setTimeout(() => forget(text), FORGET_AFTER_MS);
        say("kept", response.ok ? "Kept until it is sent." : "Kept on this device until it is sent.");
      } catch {
        say("kept", "Kept on this device until it is sent."); // the console is away for a moment
      }
    });
    return keeping;
  }

  if (draft) {
    draft.value = localStorage.getItem(key) ?? draft.value;
    if (localStorage.getItem(key) !== null) changed();
    draft.addEventListener("input", changed);
    document.getElementById("keep").addEventListener("click", (event) => {
      event.preventDefault();
      keep();
    });
    document.getElementById("put-in")?.addEventListener("click", (event) => {
      event.preventDefault();
      const words = document.getElementById("ready").selectedOptions[0].dataset.text;
      draft.setRangeText(words, draft.selectionStart, draft.selectionEnd, "end");
      changed();
      draft.focus();
    });
    draft.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }

  async function send(element) {
    let response;
    try {
      response = await fetch(element.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(element)),
      });
    } catch {
      throw new Error("The console did not answer, so nothing was sent. Try again in a moment.");
    }
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Error(answer?.error?.message || `The console answered ${response.status}.`);
    return answer;
  }

  if (form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = document.getElementById("send");
      if (button.disabled) return;
      const open = unfilled();
      if (open.length) {
        say("answer-error", `Put something in the place of ${open.join(" and ")} first.`);
        draft.focus();
        return;
      }
      button.disabled = true;
      say("answer-error", "");
      clearTimeout(timer);
      await keeping; // else a draft that is being kept would come back after it was sent
      try {
        const answer = await send(form);
        form.elements.turn.value = answer.next_turn;
        draft.value = "";
        changed();
        clearTimeout(timer); // the console has forgotten it by itself
        localStorage.removeItem(key);
        await poll();
      } catch (error) {
        say("answer-error", `${sentence(error.message)} Your words are still here.`); // and the same turn id: nothing is said twice
      }
      button.disabled = false;
      draft.focus();
    });
  }
  for (const command of document.querySelectorAll("[data-commands] form")) {
    command.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = command.querySelector("button");
      button.disabled = true;
      isLeaving = true; // what the command changes is no news to who gave it
      say("live-error", "");
      try {
        if (draft) await keep(); // what was written or taken away a moment ago counts
        const { onward } = await send(command);
        if (command.elements.drop?.checked) localStorage.removeItem(key);
        location.assign(onward);
      } catch (error) {
        isLeaving = false;
        say("live-error", error.message);
        button.disabled = false;
      }
    });
  }

  function pictureOf(file) {
    const figure = document.getElementById("picture-template").content.firstElementChild.cloneNode(true);
    const image = figure.querySelector("img");
    image.width = file.width;
    image.height = file.height;
    image.src = file.href;
    for (const link of figure.querySelectorAll("a")) link.href = file.href;
    figure.querySelector("[download]").href = `${file.href}?download=yes`;
    figure.querySelector("span").textContent = file.told;
    return figure;
  }

  function fileOf(file) {
    if (file.width) return pictureOf(file);
    const shown = document.createElement(file.href ? "a" : "span");
    shown.textContent = file.told;
    if (file.href) {
      shown.href = file.href;
      shown.download = "";
    } else {
      shown.className = "muted";
    }
    return shown;
  }

  function add(turn) {
    const made = template.content.firstElementChild.cloneNode(true);
    made.classList.add(turn.role);
    made.id = `turn-${turn.position}`;
    made.dataset.turn = turn.id;
    made.querySelector(".speaker").textContent = turn.who;
    const time = made.querySelector("time");
    time.textContent = turn.time;
    if (turn.at) time.dateTime = turn.at;
    const quote = made.querySelector(".replied");
    quote.textContent = turn.quote || "";
    quote.hidden = !turn.quote;
    made.querySelector(".text").textContent = turn.text;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    turns.append(made);
    const silence = document.getElementById("silence");
    if (silence) silence.remove();
    document.getElementById("news").textContent = `${turn.who}: ${turn.text}`;
    if (atEnd) made.scrollIntoView({ block: "nearest" });
  }

  function showFiles(element, files) { // what came with a turn, once more when one is fetched
    const told = files.map((file) => file.told).join("\n");
    let list = element.querySelector(".files");
    if (!told || (list && list.dataset.told === told)) return;
    if (!list) {
      list = document.createElement("ul");
      list.className = "files";
      element.querySelector(".delivery").before(list);
    }
    list.dataset.told = told;
    list.replaceChildren(...files.map((file) => {
      const item = document.createElement("li");
      item.append(fileOf(file));
      return item;
    }));
  }

  async function poll() {
    let answer;
    try {
      const response = await fetch(`${base}/turns?after=${last}`, { headers: { Accept: "application/json" } });
      answer = await response.json();
    } catch {
      answer = { error: { message: "New messages cannot be fetched; the console does not answer. It is tried again." } };
    }
    if (answer.error) { // away for a moment, signed out, or a colleague was first
      away = true;
      say("live-error", answer.error.message);
      return;
    }
    if (away) {
      away = false;
      say("live-error", "");
    }
    for (const turn of answer.turns) {
      if (turn.position > last) {
        last = turn.position;
        add(turn);
      }
    }
    for (const element of turns.querySelectorAll("[data-turn]")) {
      const state = answer.deliveries[element.dataset.turn];
      const shown = element.querySelector(".delivery");
      shown.hidden = !state;
      if (state && shown.textContent !== state) shown.textContent = state;
      shown.classList.toggle("failed", Boolean(state) && state.startsWith("✗"));
      showFiles(element, answer.files[element.dataset.turn] || []);
    }
    const isAway = answer.is_page_open === false;
    if (left) left.hidden = !(isAway && wasAway); // twice: a page that is loaded anew is away for a moment
    wasAway = isAway;
    const since = document.getElementById("since");
    if (since) since.textContent = answer.since;
    const isOther = answer.holder !== holder || String(answer.version) !== version;
    const isScored = score === "due" && answer.score_state !== "due";
    if (isLeaving || (!isOther && !isScored)) return;
    const notice = document.getElementById("live-change");
    if (notice && (draft?.value || note.value)) notice.hidden = false; // nobody's sentence is cut off
    else location.reload();
  }
  setInterval(() => { if (!document.hidden) poll(); }, 2000);
})();
