/* What every workflow's steps are made of: outcomes, sentences, refusals. */

export const titleOf = (item) => `${item.name} ${item.specification}`.trim();
export const message = (text, values = {}) => ({ text, values });

/** The problem of that name, out of the generated rules of a workflow. */
export const problemsOf = (rules) => (name, data = {}) => ({ name, ...rules.problems[name], data });

/** The state stays as it is, and so does everything else. */
export function refused(state, found) {
  const values = Object.fromEntries(Object.entries(found.data).map(([name, value]) => [name, String(value)]));
  return { state, message: message(found.text, values), tone: "refused", intents: [], problem: found };
}
