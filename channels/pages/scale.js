// A survey's scale: radio buttons under their question. Arrow keys choose, and only the button
// sends, so that nobody answers by looking at what there is.

import { choice, make } from "./parts.js";
import { say } from "./words.js";

const MOST_LABELLED = 5; // labels of more do not fit side by side on a phone

export function scale(turn, press, complain) {
  const numbered = turn.buttons.filter((button) => button.value !== null);
  const others = turn.buttons.filter((button) => button.value === null);
  const form = make("form", "offered");
  const after = make("div", "after");
  after.append(make("button", "send", say("answer")));
  after.append(...others.map((button) => choice(button, press, "skip")));
  form.append(steps(turn, numbered), after);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = numbered.find((button) => button.id === form.elements.step.value);
    if (chosen) press(chosen);
    else complain(say("choose"));
  });
  return form;
}

function steps(turn, numbered) {
  const group = make("fieldset", "scale");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-labelledby", `words-${turn.id}`);
  const isLabelled = numbered.length <= MOST_LABELLED;
  const row = make("div", isLabelled ? "steps" : "steps many");
  row.append(...numbered.map((button) => step(button, isLabelled)));
  group.append(row);
  if (!isLabelled) group.append(ends(numbered));
  return group;
}

function step(button, isLabelled) {
  const radio = make("input");
  Object.assign(radio, { type: "radio", name: "step", value: button.id });
  const [, label = ""] = button.title.split(" – ");
  const made = make("label", "step");
  made.append(radio, make("b", "", String(button.value)));
  made.append(make("span", "unseen", label && " – "), make("span", isLabelled ? "" : "unseen", label));
  return made;
}

function ends(numbered) {
  const row = make("p", "ends");
  row.setAttribute("aria-hidden", "true"); // each radio button says its own label
  for (const button of [numbered[0], numbered.at(-1)]) {
    row.append(make("span", "", button.title.replace(" – ", " ")));
  }
  return row;
}
