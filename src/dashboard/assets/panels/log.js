// What the service says, as it says it.

import { h, show } from "../dom.js";
import { clock } from "../format.js";
import { nothing } from "./panel.js";

const LEVELS = ["error", "warn", "info", "debug", "trace"];
/** How many lines are kept. */
const KEPT = 500;
/** How often they are drawn, in milliseconds: a storm of lines must not stop the page. */
const EACH = 250;

export default function log(root) {
  const level = root.querySelector("#log-level");
  const wanted = root.querySelector("#log-words");
  const content = root.querySelector(".content");
  const lines = [];
  let number = 0;
  let drawing = null;

  const draw = () => {
    drawing = null;
    const deepest = LEVELS.indexOf(level.value);
    const text = wanted.value.trim().toLowerCase();
    const fit = lines.filter((line) => LEVELS.indexOf(line.level) <= deepest && (text === "" || line.text.toLowerCase().includes(text)));
    show(content,
      fit.length === 0 && nothing("Nothing was logged since the page was opened."),
      h("ol.log", { "data-key": "lines", tabindex: 0, "aria-label": "Log lines, newest first" }, fit.map(entry)));
  };
  const soon = () => {
    drawing ??= setTimeout(draw, EACH);
  };
  level.addEventListener("change", draw);
  wanted.addEventListener("input", soon);
  draw();

  return {
    /** Takes a line in. */
    add(level, data) {
      number += 1;
      lines.unshift({ number, level, at: data.at ?? new Date().toISOString(), text: text(data) });
      lines.length = Math.min(lines.length, KEPT);
      soon();
    },
  };
}

function text({ target, message, fields }) {
  const named = Object.entries(fields ?? {}).map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [target?.replace(/^wirereport(_actors)?::/, ""), message, ...named].filter(Boolean).join(" ");
}

const entry = (line) => h(`li.${line.level}`, { "data-key": line.number },
  h("time", { datetime: line.at }, clock(line.at)), " ", h("span.level", {}, line.level), " ", h("span", {}, line.text));
