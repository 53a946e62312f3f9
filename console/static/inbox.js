// New work arrives by itself: one stream for all tabs, told on to the others; the list is fetched anew.
"use strict";
(() => {
  const list = document.getElementById("inbox-list");
  const title = document.title;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("parley-inbox") : null;
  let last = null; // the news before
  let context = null; // of the sound, made when somebody has touched the page
  let isMarked = false; // one of mine has written while this tab was not in sight

  document.addEventListener("pointerdown", ready);
  document.addEventListener("keydown", ready);
  function ready() {
    context ??= "AudioContext" in window ? new AudioContext() : null;
    context?.resume();
  }

  function play() {
    if (context?.state !== "running") return; // browsers are silent until the page was touched
    [660, 880].forEach((hertz, number) => {
      const tone = context.createOscillator();
      const loudness = context.createGain();
      const start = context.currentTime + number * 0.16;
      tone.frequency.value = hertz;
      loudness.gain.setValueAtTime(0.0001, start);
      loudness.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.15);
      tone.connect(loudness).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.16);
    });
  }

  function mark(news) {
    document.dispatchEvent(new CustomEvent("parley-waiting", { detail: news.waiting.length }));
    const number = news.title && news.waiting.length ? `(${news.waiting.length}) ` : "";
    document.title = `${news.title && isMarked ? "● " : ""}${number}${title}`;
  }

  // What was not there before: somebody who waits, an offer, or words of one whom I hold.
  function fresh(news) {
    if (!last) return { waits: false, offered: false, gone: false, mine: false };
    return {
      gone: last.offered.some((id) => !news.offered.includes(id) && !(id in news.mine)),
      waits: news.waiting.some((id) => !last.waiting.includes(id)),
      offered: news.offered.some((id) => !last.offered.includes(id)),
      mine: Object.entries(news.mine).some(([id, said]) => id in last.mine && said > last.mine[id]),
    };
  }

  function take(news, isLeader) {
    const is = fresh(news);
    if (is.mine && document.hidden) isMarked = true;
    mark(news);
    const isAway = document.hidden || !list;
    if (isLeader && news.sound && (is.waits || is.offered || (is.mine && isAway))) play();
    const said = document.getElementById("inbox-news");
    if (said && is.offered) said.textContent = "A conversation is offered to you.";
    else if (said && is.waits) said.textContent = "Somebody new waits.";
    else if (said && is.gone) said.textContent = "What was offered to you is with somebody else now.";
    else if (said && !news.waiting.length) said.textContent = "";
    last = news;
    if (list) refresh();
  }

  async function refresh() {
    let text;
    try {
      const response = await fetch(list.dataset.list);
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      text = await response.text();
    } catch {
      away(true);
      return;
    }
    away(false);
    const open = [...list.querySelectorAll("details[open][id]")].map((one) => one.id);
    const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
    list.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus();
  }

  function away(isSo) {
    const notice = document.getElementById("inbox-away");
    if (notice) notice.hidden = !isSo;
  }

  function listen(isLeader) {
    const stream = new EventSource("/inbox/events");
    stream.addEventListener("inbox", (event) => {
      away(false);
      const news = JSON.parse(event.data);
      channel?.postMessage(news);
      take(news, isLeader);
    });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) { // refused, not broken off: signed out, or stopped for good
        away(true);
        setTimeout(() => listen(isLeader), 10000);
      } else away(true);
    });
    stream.addEventListener("open", () => away(false));
  }

  // Browsers allow six connections to one address: with many tabs one listens for all of them.
  if (channel && navigator.locks) {
    channel.addEventListener("message", (event) => take(event.data, false));
    navigator.locks.request("parley-inbox", () => {
      listen(true);
      return new Promise(() => {}); // until this tab is closed; then the next one listens
    });
    if (list) setInterval(refresh, 30000); // clocks go on, and what was missed is there
  } else if (list) {
    listen(true);
    setInterval(refresh, 30000);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    isMarked = false;
    if (last) mark(last);
  });
  document.getElementById("try-sound")?.addEventListener("click", () => {
    ready();
    setTimeout(play, 50);
  });
})();
