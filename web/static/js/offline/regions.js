import { compare, plain } from "./decimal.js";
import { commandForm, grouped, h } from "./dom.js";
import { titleOf } from "./outcomes.js";
import { mark, say } from "./words.js";

/* Parts of the screens that are the same in every workflow. */
export const shown = (value) => grouped(plain(value));
export const amount = (value, item) => `${shown(value)} ${item.base_unit}`;
export const lotWords = (lot) => lot && `${say(mark("Lot"))} ${lot}`;
export const signed = (value) => (compare(value, "0") > 0 ? `+${shown(value)}` : shown(value).replace("-", "−"));
export const submit = (words, tone = "primary") => h("button", { class: `button button--${tone}`, type: "submit" }, words);

/** The step: what to do now, what the last scan led to, and what the workflow shows for it. */
export function stepRegion(tally, { url, pending: count }, prompt, body) {
  return h("section", { id: "step", class: "step", "data-step": tally.state.step, "data-local": true },
    h("p", { class: "step__prompt" }, prompt),
    h("p", { class: "local-note", role: "status" }, say(mark("No network: {count} not yet confirmed"), { count })),
    h("div", { class: "step__body" }, saidOf(tally, url), body));
}

function saidOf({ said }, url) {
  if (!said || said.tone === "refused") return null;
  const words = say(said.message.text, said.message.values);
  const tone = said.tone === "accepted" ? "local" : said.tone;
  return [
    h("p", { class: `said said--${tone}`, role: "status" }, words),
    said.also && h("p", { class: "said said--attention" }, say(said.also.text, said.also.values)),
    said.candidates.length > 0 && h("div", { class: "choices" }, said.candidates.map((one) => candidate(one, url))),
  ];
}

function candidate({ code, name, specification }, url) {
  return commandForm(`${url}/scans`, { code: `SK:I${code}` },
    h("button", { class: "button choices__one", type: "submit" }, `${name} ${specification} `, h("small", {}, code)));
}

/** A local refusal, where the server's stand too. */
export function problemOf({ said }) {
  const box = h("div", { id: "problem" });
  if (said?.tone !== "refused") return box;
  const { text, advice, data } = said.problem;
  box.append(h("div", { class: "problem", role: "alert" },
    h("p", { class: "problem__text" }, say(text, data)), advice && h("p", {}, say(advice, data))));
  return box;
}

export function itemBox(item, facts) {
  return h("div", { class: "step__item" }, h("div", {},
    h("p", { class: "step__name" }, titleOf(item)),
    h("p", { class: "step__facts" }, [item.code, ...facts].filter(Boolean).map((fact) => h("span", {}, fact)))));
}

export function progress(done, total, label) {
  return h("div", { class: "progress" },
    h("progress", { class: "progress__bar", value: done, max: total, "aria-label": label }),
    h("span", { class: "progress__text" }, `${done}/${total}`));
}
