const GS = "\u001d";

/**
 * The character that a keydown stands for, or "" when it is none.  Readers send FNC1 (0x1D) as
 * Ctrl+], as the control character itself, or as F8 (a factory setting), the last only inside a
 * burst because people press F8 too.
 */
export function characterOf(event, inBurst = false) {
  if (event.key === GS || event.charCode === 29) return GS;
  if (event.ctrlKey && (event.key === "]" || event.code === "BracketRight")) return GS;
  if (event.key === "F8") return inBurst ? GS : "";
  const altGraph = event.getModifierState?.("AltGraph") ?? false;
  if (!altGraph && (event.ctrlKey || event.metaKey || event.altKey)) return "";
  return [...event.key].length === 1 ? event.key : "";
}

/** Enter and Tab, also as the Ctrl+M, Ctrl+J, Ctrl+I that some readers send inside a burst. */
export function isEnding(event, inBurst = false) {
  if (event.key === "Enter" || event.key === "Tab") return true;
  return inBurst && event.ctrlKey && /^[mji]$/i.test(event.key);
}

const SILENT = new Set(["Shift", "Control", "Alt", "AltGraph", "CapsLock", "Unidentified"]);

/** Keys that come between the characters of a scan and say nothing. */
export function isSilent(event) {
  return SILENT.has(event.key);
}
