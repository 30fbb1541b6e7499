import { plus, shifted, times } from "../decimal.js";
import tables from "../generated/scanning.js";
import { dateOf } from "./days.js";

const { gtin: GTIN, texts: TEXTS, dates: DATES, quantity: QUANTITY, kilograms: KILOGRAMS } = tables.meaning;

/** What element strings mean in our words; those in `doubtful` had something wrong. */
export function meaningOf(elements, doubtful, today) {
  const sound = new Map([...elements].reverse().filter(([ai]) => !doubtful.has(ai)));
  const first = (ais, read) => {
    const ai = ais.find((one) => sound.has(one));
    return ai === undefined ? null : read(sound.get(ai));
  };
  const fields = { gtin: first(GTIN, (value) => value.slice(0, 14)) };
  for (const [name, ais] of Object.entries(TEXTS)) fields[name] = first(ais, (value) => value);
  for (const [name, ais] of Object.entries(DATES)) fields[name] = first(ais, (value) => dateOf(value.slice(0, 6), today));
  fields.quantity = first(QUANTITY, (value) => plus(value, "0"));
  fields.net_weight_kg = netWeight(sound);
  Object.assign(fields, price(sound));
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** The number whose count of decimals is the last digit of its identifier. */
const implied = (digits, ai) => shifted(digits, -Number(ai[3]));

function netWeight(sound) {
  for (const [ai, value] of sound) {
    const kilograms = ai.length === 4 && KILOGRAMS[ai.slice(0, 3)];
    if (kilograms) return times(implied(value, ai), kilograms);
  }
  return null;
}

function price(sound) {
  for (const [ai, value] of sound) {
    if (ai.length !== 4) continue;
    if (ai.startsWith("392")) return { price: implied(value, ai) };
    if (ai.startsWith("393")) return { price: implied(value.slice(3), ai), currency: value.slice(0, 3) };
  }
  return {};
}
