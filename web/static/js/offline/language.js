import { h } from "./dom.js";
import { speak } from "./words.js";

let ready;

async function load() {
  document.head.append(h("link", { rel: "stylesheet", href: new URL("../../offline/offline.css", import.meta.url).pathname }));
  await learn("words");
}

/** The words of a workflow, where this page is not in English. */
export async function learn(name) {
  if (document.documentElement.lang.startsWith("zh")) speak((await import(`./generated/${name}-zh.js`)).default);
}

/** Do it once this page has the words of its language, and the look of what is said. */
export async function inWords(then = () => {}) {
  ready ??= load();
  await ready;
  return then();
}
