// Nodes from data. What is data becomes text or an attribute, and never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element. A class stands in its tag, as in "p.quiet"; children are nodes, texts, lists of them, or nothing. */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  return furnished(document.createElement(name), classes, attributes, children);
}

/** The same in a picture. */
export function svg(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  return furnished(document.createElementNS(SVG, name), classes, attributes, children);
}

function furnished(node, classes, attributes, children) {
  if (classes.length > 0) node.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...nodes(children));
  return node;
}

function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "")
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

/**
 * Has a container show these children, and keeps every node that stays what it was: so what has the focus keeps it, what
 * is open stays open, and what is ticked stays ticked. Nodes with `data-key` are told apart by it, others by their place.
 */
export function show(container, ...children) {
  patchChildren(container, nodes(children));
}

function patchChildren(parent, fresh) {
  const known = new Map();
  for (const child of parent.childNodes) {
    if (keyOf(child)) known.set(keyOf(child), child);
  }
  let place = parent.firstChild;
  for (const node of fresh) {
    const old = keyOf(node) ? known.get(keyOf(node)) : place;
    if (!old || !alike(old, node)) {
      parent.insertBefore(node, place);
      continue;
    }
    if (old === place) place = place.nextSibling;
    else parent.insertBefore(old, place);
    patch(old, node);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null);

const alike = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

function patch(old, node) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== node.nodeValue) old.nodeValue = node.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) {
    // Whether details are open is the reader's choice.
    if (!node.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of node.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  // What is filled in by hand is nobody's to clear.
  if (old.nodeName !== "SELECT" && !old.hasAttribute("data-kept")) patchChildren(old, [...node.childNodes]);
}

/** Calls when something inside that matches is clicked; it is told the element. */
export function onClick(container, selector, call) {
  container.addEventListener("click", (event) => {
    const target = event.target.closest(selector);
    if (target && container.contains(target)) call(target, event);
  });
}

/** Sets the choices of a select besides its first, and keeps what is chosen. */
export function setChoices(select, values) {
  const [first] = select.options;
  const chosen = select.value;
  const known = [...select.options].slice(1).map((option) => option.value);
  if (known.length === values.length && known.every((value, at) => value === values[at])) return;
  select.replaceChildren(first, ...values.map((value) => h("option", { value }, words(value))));
  select.value = values.includes(chosen) ? chosen : "";
}

/** A name as it is written in settings, as words: `lead_change`. */
export const words = (name) => String(name).replaceAll("_", " ");

/** A word that says a state, with a colour that says it again. */
export const pill = (text, tone) => h(`span.pill.${tone}`, {}, words(text));
