/** Marks a text for translation where it is written; `say` translates it when it is shown. */
export const mark = (text) => text;

let words = {};

/** Take more translations of the page's language: English sentence -> translation. */
export function speak(translations) {
  words = { ...words, ...translations };
}

/** The text in the user's language, its {braces} filled. */
export function say(text, values = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
