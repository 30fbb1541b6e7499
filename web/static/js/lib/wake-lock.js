let lock = null;
let wanted = 0;

async function request() {
  try {
    if (wanted && document.visibilityState === "visible") {
      lock = await navigator.wakeLock?.request("screen");
    }
  } catch {
    // Battery saver or no permission: the screen may sleep, nothing else changes.
  }
}

/** Keep the screen on until the signal aborts; asked again each time the page comes back. */
export function stayAwake(signal) {
  wanted += 1;
  document.addEventListener("visibilitychange", request, { signal });
  signal.addEventListener("abort", () => {
    wanted -= 1;
    if (!wanted) lock?.release().catch(() => {});
  });
  request();
}
