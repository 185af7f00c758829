// Times, money and figures, as they are read at a glance.

import { h } from "./dom.js";

const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

/** From when on a countdown is marked, and up to when it is shown to the second; both in seconds. */
const SOON = 120;
const FAR = 6 * 3600;

/** Seconds in one unit: "42 s", "3 min". */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [size, unit] = UNITS.find(([size]) => whole >= size * (size === 1 ? 1 : 1.5)) ?? UNITS[3];
  return `${Math.round(whole / size)} ${unit}`;
}

/** Seconds to the second: "2:07", "1:02:07". */
export function countdown(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, two(whole % 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

const seconds = (from, to) => (new Date(to) - new Date(from)) / 1000;

/** The time of day, where the reader is. */
export const clock = (iso) =>
  new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

/** A text of the service's with its times as the reader's clock shows them. */
export const plainly = (text) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (iso) => {
  const days = Math.abs(seconds(iso, Date.now())) / 86400;
  return days < 0.9 ? clock(iso) : full(iso);
});

/** A text of the service's in which what is to be typed stands between backticks, as it does in its documentation. */
export const spoken = (text) => text.split("`").map((part, at) => (at % 2 === 1 ? h("code", {}, part) : part));

/** How long ago something was; it goes on counting. */
export const ago = (iso) =>
  iso ? h("time", { datetime: iso, title: full(iso), "data-ago": iso }, told(iso)) : h("span.quiet", {}, "never");

/** How long until something; it goes on counting, and says `over` once it is. What is `pressing` is marked near its end. */
export const until = (iso, over, pressing = false) => h(isSoon(iso, pressing) ? "time.soon" : "time", {
  datetime: iso, title: full(iso), "data-until": iso, "data-over": over, "data-pressing": pressing,
}, left(iso, over));

const full = (iso) => new Date(iso).toLocaleString();

function told(iso) {
  const past = seconds(iso, Date.now());
  return past < 2 ? "just now" : `${span(past)} ago`;
}

function left(iso, over) {
  const rest = seconds(Date.now(), iso);
  if (rest <= 0) return over;
  return rest < FAR ? countdown(rest) : span(rest);
}

const isSoon = (iso, pressing) => pressing && seconds(Date.now(), iso) < SOON;

/** Has every time in there count on. */
export function tick(root) {
  for (const node of root.querySelectorAll("[data-ago]")) set(node, told(node.dataset.ago));
  for (const node of root.querySelectorAll("[data-until]")) {
    set(node, left(node.dataset.until, node.dataset.over));
    node.classList.toggle("soon", isSoon(node.dataset.until, "pressing" in node.dataset));
  }
}

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Dollars; two digits, or more where it is less than a cent. */
export function dollars(amount) {
  if (amount === null || amount === undefined) return "–";
  const digits = amount > 0 && amount < 0.01 ? 4 : 2;
  return `$${amount.toFixed(digits)}`;
}

/** A share of one, in per cent. */
export const percent = (share) => `${Math.round(share * 100)} %`;

/** A figure, or a dash where there is none. */
export const figure = (number) => (number === null || number === undefined ? "–" : number.toLocaleString());

/** "1 post", "2 posts". */
export const count = (number, one, more = `${one}s`) => `${number} ${number === 1 ? one : more}`;
