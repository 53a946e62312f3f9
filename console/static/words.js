// Words that can be heard, and findings that show their evidence.
"use strict";
(() => {
  const player = document.getElementById("player");
  const turns = document.getElementById("turns");
  const words = [...turns.querySelectorAll(".word")]
    .map((element) => ({ element, start: Number(element.dataset.start), end: Number(element.dataset.end) }))
    .sort((one, other) => one.start - other.start);

  // One tab stop per turn: its first word, or the one used last.
  for (const turn of turns.querySelectorAll(".turn")) {
    const first = turn.querySelector(".word");
    if (first) first.tabIndex = 0;
  }

  function seek(second, play) {
    if (!player) return;
    if (player.readyState >= 1) {
      player.currentTime = second;
    } else {
      player.addEventListener("loadedmetadata", () => { player.currentTime = second; }, { once: true });
      player.preload = "metadata";
      player.load();
    }
    if (play) player.play().catch(() => {}); // a refusal shows in the player's own error event
  }

  function choose(word) {
    seek(Number(word.dataset.start), true);
    stopAt(word);
  }

  function stopAt(word) {
    for (const other of word.closest(".turn").querySelectorAll('.word[tabindex="0"]')) other.tabIndex = -1;
    word.tabIndex = 0;
  }

  turns.addEventListener("click", (event) => {
    const word = event.target.closest(".word");
    if (word && !String(getSelection())) choose(word);
  });
  turns.addEventListener("keydown", (event) => {
    const word = event.target.closest(".word");
    if (!word) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(word);
      return;
    }
    const here = [...word.closest(".turn").querySelectorAll(".word")];
    const at = here.indexOf(word);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: here.length - 1 }[event.key];
    if (to === undefined || !here[to]) return;
    event.preventDefault();
    stopAt(here[to]);
    here[to].focus();
  });

  // The word that is spoken now.
  let spoken = null;
  function mark(element) {
    if (element === spoken) return;
    if (spoken) spoken.classList.remove("now");
    if (element) element.classList.add("now");
    spoken = element;
  }
  function wordAt(second) {
    let low = 0;
    let high = words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (words[middle].start <= second) low = middle + 1;
      else high = middle;
    }
    for (let index = low - 1; index >= Math.max(0, low - 8); index -= 1) { // talk-over: a few may overlap
      if (second < words[index].end) return words[index].element;
    }
    return null;
  }
  function follow() {
    mark(wordAt(player.currentTime + 0.001));
    if (!player.paused && !player.ended) requestAnimationFrame(follow);
  }
  if (player) {
    player.addEventListener("play", follow);
    player.addEventListener("seeked", follow);
    player.addEventListener("error", () => { document.getElementById("player-error").hidden = false; });
  }

  // A finding shows what it rests on.
  function show(finding, target) {
    for (const lit of turns.querySelectorAll("mark.lit")) lit.classList.remove("lit");
    const marks = [...turns.querySelectorAll("mark")].filter((one) => one.dataset.findings.split(" ").includes(finding));
    for (const one of marks) one.classList.add("lit");
    const first = target || marks[0];
    if (!first) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    first.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }
  for (const details of document.querySelectorAll("details.finding")) {
    details.addEventListener("toggle", () => {
      if (!details.open) return;
      for (const other of document.querySelectorAll("details.finding[open]")) {
        if (other !== details) other.open = false;
      }
      const quote = details.querySelector("a[data-start]");
      show(details.dataset.finding, null);
      if (quote && player && player.paused) seek(Number(quote.dataset.start), false);
    });
  }
  for (const link of document.querySelectorAll("a.seek")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      seek(Number(link.dataset.start), true);
    });
  }
  for (const quote of document.querySelectorAll(".quote a")) {
    quote.addEventListener("click", (event) => {
      event.preventDefault();
      const turn = document.querySelector(quote.getAttribute("href"));
      const inTurn = [...turn.querySelectorAll("mark")].find((one) => one.dataset.findings.split(" ").includes(quote.dataset.finding));
      show(quote.dataset.finding, inTurn || turn);
      if (quote.dataset.start) seek(Number(quote.dataset.start), false);
      const word = inTurn && inTurn.closest(".word");
      if (word) {
        stopAt(word);
        word.focus({ preventScroll: true });
      }
    });
  }
})();
