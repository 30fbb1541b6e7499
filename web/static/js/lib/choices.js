/** A code as it is shown: the separator of GS1 has no picture of its own. */
export const readable = (code) => code.replaceAll("\u001d", "␝");

/** Buttons to choose one of several codes; `choose(symbol)` gets the one that was pressed. */
export function choices(symbols, choose) {
  const list = Object.assign(document.createElement("div"), { className: "choices" });
  for (const symbol of symbols) {
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "button",
      textContent: readable(symbol.text),
    });
    button.addEventListener("click", () => choose(symbol));
    list.append(button);
  }
  return list;
}

/** Each text once; a label read twice in one picture is one code. */
export function distinct(symbols) {
  return [...new Map(symbols.map((symbol) => [symbol.text, symbol])).values()];
}
