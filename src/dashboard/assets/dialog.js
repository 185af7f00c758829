// Asking once before something is done, and for what is needed to do it.

import { h } from "./dom.js";

const dialog = document.getElementById("dialog");
const form = dialog.querySelector("form");
const fields = dialog.querySelector(".fields");
const trouble = dialog.querySelector(".trouble");
const [cancel, go] = dialog.querySelectorAll("button");

cancel.addEventListener("click", () => dialog.close());

/**
 * Asks, and does it on yes. What goes wrong is said in the dialog, which stays.
 *
 * `body` are nodes, whose named fields are given to `act`; `danger` marks what cannot be undone.
 */
export function ask({ title, body = [], verb, danger = false, act }) {
  if (dialog.open) return;
  dialog.querySelector("h2").textContent = title;
  fields.replaceChildren(...body);
  trouble.hidden = true;
  go.textContent = verb;
  go.className = danger ? "danger" : "primary";
  const before = document.activeElement;
  const submit = async (event) => {
    event.preventDefault();
    if (go.disabled) return;
    go.disabled = true;
    try {
      await act(Object.fromEntries(new FormData(form)));
      dialog.close();
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    } finally {
      go.disabled = false;
    }
  };
  form.addEventListener("submit", submit);
  dialog.addEventListener("close", () => {
    form.removeEventListener("submit", submit);
    if (before?.isConnected) before.focus();
  }, { once: true });
  dialog.showModal();
  (fields.querySelector("textarea, input") ?? (danger ? cancel : go)).focus();
}

/** A paragraph of a dialog. */
export const says = (text) => h("p", {}, text);

/** A text of a post, as it stands. */
export const quotes = (text) => h("blockquote", {}, text);

/** A field with its label. */
export function field(label, name, attributes = {}, text = "") {
  const id = `field-${name}`;
  const tag = attributes.rows ? "textarea" : "input";
  return h("div.field", {}, h("label", { for: id }, label), h(tag, { id, name, ...attributes }, text));
}

/** A box to tick with its label. */
export const tickbox = (label, name) =>
  h("label.tick", {}, h("input", { type: "checkbox", name, value: "yes" }), h("span", {}, label));

const notice = document.getElementById("notice");
let fading = null;

/** Says in passing what was done, or what did not work. */
export function say(text, tone = "good") {
  notice.className = `notice ${tone}`;
  notice.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => notice.replaceChildren(), tone === "bad" ? 15_000 : 5_000);
}
