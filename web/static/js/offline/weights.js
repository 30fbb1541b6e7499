import { rounded, times } from "./decimal.js";
import tables from "./generated/scanning.js";

/** Base units that a code itself says, by count or by weight; null where it says nothing. */
export function saidQuantity({ item, net_weight_kg: weight, quantity }) {
  const unit = tables.perKilogram[item.base_unit.toLowerCase()];
  return weight !== null && unit ? rounded(times(weight, unit), item.decimals) : quantity;
}
