import rules from "../generated/counting.js";
import { message, problemsOf, refused, titleOf } from "../outcomes.js";

/* What every step refuses in the same words; the same as app/counting/refuse_steps.py. */
export const problem = problemsOf(rules);
const refusing = (name, data = () => ({})) => (state, event, facts) => refused(state, problem(name, data(event, facts, state)));
const here = (_event, facts) => ({ location: facts.place.location });

export const taskClosed = refusing("TaskClosed", here);
export const locationFirst = refusing("LocationFirst", here);
export const goodsFirst = refusing("GoodsFirst");
export const lotWanted = refusing("LotWanted", (_event, _facts, { pending }) => ({ item: pending ? titleOf(pending.item) : "?" }));
export const notEmpty = refusing("NotEmpty", here);
export const unknown = refusing("UnknownCode", ({ text, barcode }) => ({ given: text, barcode: barcode ?? "" }));
export const unreadable = refusing("UnreadableCode", ({ text, reason }) => ({ given: text, reason }));
export const numbered = refusing("NotCountable", ({ number }) => ({ given: number }));
export const partner = refusing("NotCountable", ({ name }) => ({ given: name }));
export const badge = refusing("NotCountable", () => ({ given: "badge" }));

export function search(state, { candidates }) {
  return { state, message: message(rules.messages.CHOOSE), tone: "attention", candidates, intents: [] };
}

export function remind(state) {
  return { state, message: message(rules.messages.SCAN), tone: "attention", intents: [] };
}
