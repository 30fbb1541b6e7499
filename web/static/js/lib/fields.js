/** Where a person can type text. */
export function isEditable(element) {
  if (!element) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA") return !element.readOnly;
  const button = /^(button|submit|reset|checkbox|radio|range|color|file|image)$/;
  return element.tagName === "INPUT" && !button.test(element.type) && !element.readOnly;
}

/** A box for numbers, where no scan may ever end up. */
export function isNumeric(element) {
  return element?.type === "number" || /^(numeric|decimal)$/.test(element?.inputMode ?? "");
}

/** Type for the user: into the field that has the focus, with undo and input events. */
export function typeInto(element, text) {
  element.focus({ preventScroll: true });
  // Deprecated, but the only way that keeps undo and works in number boxes.
  if (document.execCommand("insertText", false, text)) return;
  element.setRangeText(text, element.selectionStart, element.selectionEnd, "end");
  element.dispatchEvent(new InputEvent("input", { bubbles: true, data: text }));
}

/** Put a field back to what it held before a scan ran into it. */
export function restore(element, value) {
  if (element.value === value) return;
  element.value = value;
  element.dispatchEvent(new Event("change", { bubbles: true }));
}
