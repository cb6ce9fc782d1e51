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
    const fetches = [...value.matchAll(/url\(([^)]*)\)?/gi)].some((match) => !isHere(match[1] ?? ""));
    const script = /^on/i.test(name) || /^\s*javascript:/i.test(value);
    if (fetches || script || name === "href" || name === "xlink:href") element.removeAttribute(name);
  }
}

/** Whether an address names a part of this page: Vega refers to its gradients by the page's full address. */
function isHere(address: string): boolean {
  const page = (url: string): string => url.split("#")[0] ?? "";
  try {
    const target = new URL(address.trim().replace(/^["']|["']$/g, ""), document.URL);
    return target.hash !== "" && page(target.href) === page(document.URL);
  } catch {
    return false;
  }
}
