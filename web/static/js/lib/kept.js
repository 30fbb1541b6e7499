/**
 * Small settings kept on the device.  Storage can be refused (private mode, full, policy): then
 * they live as long as the page, and nothing else breaks.
 */
const page = new Map();

function storage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

export function recall(key, otherwise = null) {
  if (page.has(key)) return page.get(key);
  try {
    return storage()?.getItem(key) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(key, value) {
  try {
    storage().setItem(key, value);
    page.delete(key);
  } catch {
    page.set(key, value);
  }
}
