/**
 * A second lock behind the check of the specification: whatever a chart computes, its elements keep no address.
 *
 * Expressions can build text that no check of the specification sees. Charts are drawn outside the page first, and
 * each later change is cleaned in the same turn of the event loop, before the browser resolves any style.
 * Layer:  labextension, figure.
 */

/** Cleans an element and keeps it clean; the observer returned ends that. */
export function guard(root: Element): MutationObserver {
  cleanTree(root);
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.target instanceof Element && change.type === "attributes") cleanElement(change.target);
      for (const node of change.addedNodes) if (node instanceof Element) cleanTree(node);
    }
  });
  observer.observe(root, { attributes: true, childList: true, subtree: true });
  return observer;
}

const UNWANTED = new Set([
  "script",
  "foreignobject",
  "iframe",
  "object",
  "embed",
  "image",
  "img",
  "use",
  "style",
]);

function cleanTree(root: Element): void {
  for (const element of [root, ...root.querySelectorAll("*")]) cleanElement(element);
}

function cleanElement(element: Element): void {
  if (UNWANTED.has(element.localName.toLowerCase())) {
    element.remove();
    return;
  }
  for (const { name, value } of [...element.attributes]) {
    const fetches = /url\(\s*["']?\s*(?!#)/i.test(value.replace(/url\(\s*["']?\s*#/gi, ""));
    const script = /^on/i.test(name) || /^\s*javascript:/i.test(value);
    if (fetches || script || name === "href" || name === "xlink:href") element.removeAttribute(name);
  }
}
