// A copy of the conversation as a text file, made of what the page shows; nothing is sent anywhere.

import { locale, say } from "./words.js";

function line(item) {
  const words = item.querySelector(".words")?.textContent ?? item.textContent;
  if (!item.dataset.name) return `— ${words} —`;
  const at = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  return `${item.dataset.name} · ${at.format(new Date(item.dataset.at))}\n${words}`;
}

export function save(items, title) {
  const text = [title, ...items.map(line)].join("\n\n");
  const file = new Blob([`\ufeff${text}\n`], { type: "text/plain;charset=utf-8" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${say("file")}-${new Date().toISOString().slice(0, 10)}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it a moment later
}
