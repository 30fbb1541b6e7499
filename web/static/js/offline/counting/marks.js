const [START, PRIME, MASK] = [0xcbf29ce484222325n, 0x100000001b3n, 2n ** 64n - 1n];

/**
 * The mark of a thing that was expected in the place of a task: FNV-1a, as app/counting/package.py
 * has it.  Whoever scanned something can ask whether it is among the marks; they are no list.
 */
export function markOf(task, item, lot) {
  const bytes = new TextEncoder().encode(`${task} ${item} ${lot ?? 0}`);
  const value = bytes.reduce((sum, byte) => ((sum ^ BigInt(byte)) * PRIME) & MASK, START);
  return value.toString(16).padStart(16, "0");
}
