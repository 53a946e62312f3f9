// The page's own words, in its language: "{n} characters left" becomes "12 characters left".

const WORDS = JSON.parse(document.body.dataset.words);
const LANGUAGE = document.documentElement.lang;

// The reader's own way of writing numbers and times, where it is one of the page's language.
export const locale =
  navigator.languages.find((tag) => tag.split("-")[0] === LANGUAGE) ?? LANGUAGE;

export function say(key, values = {}) {
  return WORDS[key].replace(/{(\w+)}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? value.toLocaleString(locale) : value;
  });
}
