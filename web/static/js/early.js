/*
 * Keys that come before the page's modules run: a scan in that moment must not be lost.  Not a
 * module, because it has to run before everything else; the scan box takes them (lib/wedge.js).
 */
(() => {
  const MOST = 500;
  const OLD_MS = 10_000;
  const kept = [];

  const keep = (event) => {
    const isTyping = event.target.closest?.("input, textarea, select");
    if (!isTyping && kept.length < MOST) kept.push(event);
  };

  window.addEventListener("keydown", keep, true);
  /** Hands them over, once. */
  window.takeEarlyKeys = () => {
    window.removeEventListener("keydown", keep, true);
    return kept.splice(0).filter(({ timeStamp }) => performance.now() - timeStamp < OLD_MS);
  };
})();
