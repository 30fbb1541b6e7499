import { keep, recall } from "../lib/kept.js";
import { h } from "./dom.js";
import { inWords } from "./language.js";
import { mark, say } from "./words.js";

const DISMISSED = "saoku.install-dismissed";
const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const isApple = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1);

/** On the home screen, once, until it was installed or waved away: how to keep Saoku on the device. */
export function offerInstall() {
  const home = location.pathname === "/" && document.querySelector("#main");
  if (!home || isInstalled() || recall(DISMISSED) === "1") return;
  if (isApple()) inWords(() => hint(home, say(mark("Tap Share, then Add to Home Screen: Saoku opens like an app, also without network."))));
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    inWords(() => hint(home, say(mark("Put Saoku on this device: it opens like an app, also without network.")), event));
  });
}

function hint(home, words, prompt = null) {
  if (document.querySelector("#offline-install")) return;
  const bar = h("div", { class: "offline-bar", id: "offline-install" }, h("span", {}, words));
  const close = (text, act) => {
    const button = h("button", { class: "button", type: "button" }, text);
    button.addEventListener("click", () => {
      bar.remove();
      act();
    });
    bar.append(button);
  };
  if (prompt) close(say(mark("Install")), () => prompt.prompt());
  close(say(mark("Not now")), () => keep(DISMISSED, "1"));
  home.append(bar);
}
