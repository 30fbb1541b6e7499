import tables from "../generated/scanning.js";

/** How many digits an identifier has, by its first two. */
const lengths = new Map();
const identifiers = new Map();

function remember([name, flags, components, needs, bars, qualifiers]) {
  const [first, last = first] = name.split("-");
  const parts = components.map(([charset, minimum, maximum, optional, checks]) => ({
    charset, minimum, maximum, optional: Boolean(optional), checks,
  }));
  const maximum = parts.reduce((total, part) => total + part.maximum, 0);
  const minimum = parts.reduce((total, part) => total + (part.optional ? 0 : part.minimum), 0);
  for (let number = Number(first); number <= Number(last); number++) {
    const ai = String(number).padStart(first.length, "0");
    lengths.set(ai.slice(0, 2), ai.length);
    identifiers.set(ai, {
      ai, components: parts, minimum, maximum, needs, bars, qualifiers,
      predefinedLength: flags.includes("F"), attribute: flags.includes("A"),
    });
  }
}

tables.identifiers.forEach(remember);

export const identifier = (ai) => identifiers.get(ai) ?? null;

/** How long the identifier at this place of a text would be; 2 where the family is not known. */
export const lengthAt = (text, at) => lengths.get(text.slice(at, at + 2)) ?? 2;

/** The identifier that stands at this place, null where GS1 has not assigned one. */
export function identifierAt(text, at) {
  return identifier(text.slice(at, at + (lengths.get(text.slice(at, at + 2)) ?? 0)));
}

/** Whether `ai` is the pattern; each n in it stands for any digit. */
export function matches(pattern, ai) {
  return pattern.length === ai.length && [...pattern].every((p, at) => p === "n" || p === ai[at]);
}
