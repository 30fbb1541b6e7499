import { bodyOf } from "./command.js";

const UNKNOWN = new Set([408, 425, 429]);
const TIMEOUT_MS = 10_000;

/** What an answer means for the queue: a 5xx or a lost answer is unknown, not refused. */
export function outcomeKind(status, address, loginPath = "/login") {
  if (status === 401 || new URL(address, "http://x").pathname === loginPath) return "login";
  return status >= 500 || UNKNOWN.has(status) ? "unconfirmed" : "answered";
}

function retryAfter(response) {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return seconds > 0 ? Math.min(seconds, 60) * 1000 : 0;
}

async function read(response, command, loginPath) {
  const kind = outcomeKind(response.status, response.url || command.url, loginPath);
  if (kind !== "answered") return { kind, retryAfter: retryAfter(response) };
  // A body cut short is a lost answer too: text() then throws and the command is sent again.
  const text = await response.text();
  const location = response.redirected ? response.url : null;
  return { kind, status: response.status, headers: response.headers, text, location };
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
