function denied({ userAgent = "", maxTouchPoints = 0 }) {
  if (/Android/.test(userAgent)) return "denied-android";
  // An iPad says that it is a Macintosh; no Macintosh has a touch screen.
  const isPad = /Macintosh/.test(userAgent) && maxTouchPoints > 1;
  return isPad || /iPhone|iPad|iPod/.test(userAgent) ? "denied-ios" : "denied";
}

async function permission(agent) {
  try {
    return (await agent.permissions.query({ name: "camera" })).state;
  } catch {
    return "unknown";
  }
}

const CAUSES = {
  NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy",
};

/** Which help (data-help in _macros/scan.html) explains that the camera did not open. */
export async function helpFor(error, agent = navigator, secure = globalThis.isSecureContext) {
  if (!secure) return "insecure";
  if (error?.name !== "NotAllowedError" && error?.name !== "SecurityError") {
    return CAUSES[error?.name] ?? "unsupported";
  }
  // Still to be asked: the question was only closed, and can be put again.
  return (await permission(agent)) === "prompt" ? "dismissed" : denied(agent);
}
