/**
 * An element with its attributes and children; null children are left out, `true` is an empty
 * attribute.  Text is always text: nothing here is parsed as HTML.
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A form whose button is one command, sent through the outbox like the server's own forms. */
export function commandForm(action, fields, ...children) {
  const hidden = Object.entries(fields).map(([name, value]) => h("input", { type: "hidden", name, value }));
  return h("form", { method: "post", action, "data-command": true, "data-target": "#step" }, hidden, children);
}

/** Quantities as people read them: 1,234.5 */
export function grouped(text) {
  const [whole, part] = text.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
}
