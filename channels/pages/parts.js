// What is seen is made of these. Words reach the page as text only, never as markup.

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function choice(button, press, className = "choice") {
  const made = make("button", className, button.title);
  made.type = "button";
  made.dir = "auto";
  made.addEventListener("click", () => press(button));
  return made;
}
