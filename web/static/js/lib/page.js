/** What the page says about itself, in <meta> tags and one block of texts (base.html). */
export function meta(name, otherwise = "") {
  return document.querySelector(`meta[name="${name}"]`)?.content ?? otherwise;
}

export const token = () => meta("csrf-token");

/** Who is signed in on this page: the user's id, or nothing. */
export const user = () => meta("user-id");

/**
 * Fetch this page's token and user anew, after a login in another tab; true when the token is
 * another one.  The old ones stay when the page can't be had or nobody is signed in.
 */
export async function renewToken() {
  const holder = document.querySelector('meta[name="csrf-token"]');
  try {
    const page = await (await fetch(location.href, { credentials: "same-origin" })).text();
    const fresh = new DOMParser().parseFromString(page, "text/html");
    const found = fresh.querySelector('meta[name="csrf-token"]')?.content;
    if (!found || found === holder.content) return false;
    holder.content = found;
    const person = document.querySelector('meta[name="user-id"]');
    if (person) person.content = fresh.querySelector('meta[name="user-id"]')?.content ?? "";
    return true;
  } catch {
    return false;
  }
}

let texts;

/** A text in the user's language, its {braces} filled. */
export function text(name, values = {}) {
  texts ??= JSON.parse(document.getElementById("texts")?.textContent || "{}");
  return (texts[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export function announce(name, detail, from = document) {
  from.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}
