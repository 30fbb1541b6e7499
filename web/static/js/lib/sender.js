import { bodyOf } from "./command.js";

const UNKNOWN = new Set([408, 425, 429]);
const RENUMBER = 428;
const TIMEOUT_MS = 10_000;

/**
 * What an answer means for the queue: a 5xx or a lost answer is unknown, not refused; 428 says that
 * another device has used this number already.
 */
export function outcomeKind(status, address, loginPath = "/login") {
  if (status === 401 || new URL(address, "http://x").pathname === loginPath) return "login";
  if (status === RENUMBER) return "renumber";
  return status >= 500 || UNKNOWN.has(status) ? "unconfirmed" : "answered";
}

function retryAfter(headers) {
  const seconds = Number.parseInt(headers.get("Retry-After") ?? "", 10);
  return seconds > 0 ? Math.min(seconds, 60) * 1000 : 0;
}

/** Plain data, so that another tab can be told. */
async function read(response, command, loginPath) {
  const { status, headers } = response;
  const kind = outcomeKind(status, response.url || command.url, loginPath);
  if (kind !== "answered") return { kind, status, retryAfter: retryAfter(headers) };
  return {
    kind,
    status,
    // A body cut short is a lost answer too: text() then throws and the command is sent again.
    text: await response.text(),
    isHtml: (headers.get("Content-Type") ?? "").includes("html"),
    trigger: headers.get("HX-Trigger"),
    goTo: headers.get("HX-Redirect") ?? (response.redirected ? response.url : null),
    isPage: response.redirected,
  };
}

/** Builds the queue's `send`: one POST per call, form-encoded, never throwing. */
export function sender({ token, loginPath, post = (url, request) => fetch(url, request) }) {
  return async function send(command) {
    try {
      const response = await post(command.url, {
        method: "POST",
        body: bodyOf(command, token()),
        headers: { "HX-Request": "true", Accept: "text/html" },
        credentials: "same-origin",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return await read(response, command, loginPath?.());
    } catch {
      return { kind: "unconfirmed" };
    }
  };
}
