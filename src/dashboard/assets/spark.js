// A game's win probability as a line: the home side's chance, from 0 below to 1 above.

import { svg } from "./dom.js";
import { percent } from "./format.js";

const WIDTH = 240;
const HEIGHT = 48;

/** The line of a game's `history`, pairs of a time and a chance; nothing where there are fewer than two. */
export function spark(history, home) {
  const points = (history ?? []).filter(([, chance]) => typeof chance === "number");
  if (points.length < 2) return null;
  const [from, to] = [points[0][0], points.at(-1)[0]];
  const x = (time) => (to > from ? ((time - from) / (to - from)) * WIDTH : 0);
  const y = (chance) => (1 - Math.min(1, Math.max(0, chance))) * HEIGHT;
  const line = points.map(([time, chance]) => `${x(time).toFixed(1)},${y(chance).toFixed(1)}`).join(" ");
  const [, last] = points.at(-1);
  return svg("svg.spark", {
    viewBox: `0 -2 ${WIDTH} ${HEIGHT + 4}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": `Win probability of ${home}: ${percent(points[0][1])} at first, ${percent(last)} now`,
  },
    svg("line.even", { x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2 }),
    svg("polyline.chance", { points: line }));
}
