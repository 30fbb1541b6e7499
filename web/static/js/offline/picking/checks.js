import { compare, fits, plain, times } from "../decimal.js";
import rules from "../generated/picking.js";
import { problemsOf, titleOf } from "../outcomes.js";
import { saidQuantity } from "../weights.js";
import { openOf, promisedOf, titleOfStop } from "./state.js";

/* What can be taken from a stop, and from goods beside it; the same as app/picking/checks.py. */
export const problem = problemsOf(rules);

/** Base units of one scan: said by the code, one pack or one piece; null: to be weighed. */
export function counted(event) {
  const said = saidQuantity(event);
  if (said !== null) return said;
  if (event.item.catch_weight) return null;
  return !event.packaging || event.item.tracking === "serial" ? "1" : event.packaging.quantity;
}

/** Why so much of the stop cannot be taken, the first reason in a fixed order. */
export function takeProblem(stop, quantity) {
  return obstacleOf(stop) ?? quantityProblem(stop, quantity) ?? moreThanWanted(stop, quantity) ?? gone(stop, quantity);
}

export function obstacleOf(stop) {
  return stop.obstacle === null ? null : obstacle(stop.obstacle, titleOfStop(stop), stop.location, whyOf(stop), stop.order);
}

function obstacle(name, item, location, why, order = "") {
  return problem(rules.obstacles[name] ?? "StockNotAvailable", { item, location, order, why });
}

/** The question for the diagnosis: why can this line not ship? */
export const whyOf = ({ shares }) => (shares.length ? `order_line_id=${shares[0].order_line_id}` : "");

function quantityProblem(stop, quantity) {
  const { item } = stop;
  if (compare(quantity, "0") <= 0) return problem("QuantityNotPositive");
  if (item.tracking === "serial" && compare(quantity, "1") !== 0) return problem("SerialsComeSingly", { item: titleOf(item) });
  if (compare(quantity, times(openOf(stop), rules.mostTimes)) > 0) return above("TooMuchAtOnce", stop, quantity);
  if (fits(quantity, item.decimals)) return null;
  return problem("QuantityTooFine", { item: titleOf(item), unit: item.base_unit, decimals: item.decimals, quantity: plain(quantity).slice(0, 40) });
}

function above(name, stop, quantity) {
  const { item } = stop;
  return problem(name, { item: titleOf(item), unit: item.base_unit, quantity: plain(quantity).slice(0, 40), open: plain(openOf(stop)) });
}

const moreThanWanted = (stop, quantity) => (compare(quantity, openOf(stop)) > 0 ? above("TooMuch", stop, quantity) : null);

/** The promise was released, or the goods were taken from under the person. */
function gone(stop, quantity) {
  const [item, why] = [titleOfStop(stop), whyOf(stop)];
  if (compare(promisedOf(stop), quantity) < 0) return problem("PromiseGone", { item, location: stop.location, order: stop.order, why });
  if (compare(stop.on_hand, quantity) >= 0) return null;
  return problem("TakenFromUnder", { item, unit: stop.item.base_unit, location: stop.location, there: plain(stop.on_hand), why });
}

/** Why these goods cannot take the place of the promised ones. */
export function swapProblem(facts, stop, other, quantity) {
  const [scanned, why] = [otherTitle(stop, other), whyOf(stop)];
  const expected = `${titleOfStop(stop)} ${stop.location}`;
  if (stop.obstacle === "cancelled") return obstacleOf(stop);
  if (!facts.policy.lot_swap) return problem("SwapNotAllowed", { scanned, expected, why });
  if (other.obstacle !== null) return obstacle(other.obstacle, scanned, other.location, why);
  if (compare(other.free, quantity) < 0) {
    const free = plain(compare(other.free, "0") > 0 ? other.free : "0");
    return problem("NothingFree", { scanned, free, unit: stop.item.base_unit, expected, why });
  }
  return quantityProblem(stop, quantity) ?? moreThanWanted(stop, quantity);
}

export function otherTitle(stop, other) {
  return `${titleOf(stop.item)} ${other.lot ?? ""} ${other.location}`.replaceAll("  ", " ");
}
