// What panels have in common.

import { h } from "../dom.js";

/** Says below a panel what went wrong, or no longer. */
export function report(root, problem) {
  const place = root.querySelector(":scope > .trouble");
  const text = problem?.message ?? "";
  if (place.textContent !== text) place.textContent = text;
  place.hidden = text === "";
}

/** What stands where there is nothing to show. */
export const nothing = (text) => h("p.nothing", {}, text);

/** A button that says what it does and to what. */
export const button = (does, id, text, label, tag = "button") =>
  h(tag, { type: "button", "data-do": does, "data-id": id, "aria-label": label ? `${text} ${label}` : null }, text);

/** The button that shows more of a list. */
export const more = (next) => next && h("p.more", { "data-key": "more" }, h("button.plain", { type: "button", "data-do": "more" }, "Show more"));
