/** What the page says about itself, in <meta> tags and one block of texts (base.html). */
export function meta(name, otherwise = "") {
  return document.querySelector(`meta[name="${name}"]`)?.content ?? otherwise;
}

export const token = () => meta("csrf-token");

/**
 * Fetch this page's token anew, after a login in another tab; true when it is another one.  The old
 * one stays when the page can't be had or nobody is signed in.
 */
export async function renewToken() {
  const holder = document.querySelector('meta[name="csrf-token"]');
  try {
    const page = await (await fetch(location.href, { credentials: "same-origin" })).text();
    const fresh = new DOMParser().parseFromString(page, "text/html");
    const found = fresh.querySelector('meta[name="csrf-token"]')?.content;
    if (!found || found === holder.content) return false;
    holder.content = found;
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
