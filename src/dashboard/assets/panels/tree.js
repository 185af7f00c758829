// The actors as their supervisors see them, and the two things that can be done to one.

import { below, post } from "../api.js";
import { h, onClick, pill, show, words } from "../dom.js";
import { ask, say, says } from "../dialog.js";
import { count, plainly, span, spoken } from "../format.js";
import { button, report } from "./panel.js";

export default function tree(root, { sources: { status }, may }) {
  status.watch((answer, problem) => {
    report(root, problem);
    if (answer) show(root.querySelector(".content"), branch(answer.tree, "", may("admin")));
  });

  const order = (does, path, body) => async () => {
    const done = await post(below(`v1/actors/${does}/`, path), body);
    say(`${done.detail}.`);
    status.refresh();
  };
  onClick(root, "[data-do=restart]", ({ dataset: { id } }) => ask({
    title: `Restart ${id}?`,
    body: [says("It stops in order and starts again. What it had not finished it finds in the ledger.")],
    verb: "Restart",
    act: order("restart", id),
  }));
  onClick(root, "[data-do=pause]", ({ dataset: { id } }) => ask({
    title: `Pause ${id}?`,
    body: [says("It stops, and stays so over restarts of the service until it is resumed.")],
    verb: "Pause",
    danger: true,
    act: order("pause", id),
  }));
  onClick(root, "[data-do=resume]", ({ dataset: { id } }) => order("resume", id)().catch((error) => say(error.message, "bad")));
}

const branch = (children, above, steered) =>
  h("ul.tree", { "data-key": `under ${above}` }, children.map((child) => entry(child, above + child.name, steered)));

const TONES = { running: "good", starting: "info", stopping: "info", stopped: "info", paused: "warn", backing_off: "bad", restarting: "bad", failed: "bad" };

function entry(child, path, steered) {
  const ill = child.phase === "running" && child.health.state === "degraded";
  return h("li", { "data-key": path },
    h("div.actor", {},
      h("span.name", {}, child.name),
      pill(ill ? "degraded" : child.phase, ill ? "warn" : TONES[child.phase] ?? "info"),
      h("span.quiet.small.what", {}, details(child, ill).join(" · ")),
      steered && h("span.does", {},
        child.phase === "paused" ? button("resume", path, "Resume", path) : button("pause", path, "Pause", path),
        button("restart", path, "Restart", path))),
    ill && h("p.why", {}, spoken(plainly(child.health.reason))),
    child.last_exit && !["normal", "stopped"].includes(child.last_exit.kind) && h("p.quiet.small", {}, `ended ${span(child.last_exit.ago)} ago (${words(child.last_exit.kind)}): ${child.last_exit.text}`),
    child.children.length > 0 && branch(child.children, `${path}/`, steered));
}

/** What it does, where nothing below says why it does not. */
function details(child, ill) {
  return [
    !ill && child.doing && plainly(child.doing),
    child.next !== null && (child.phase === "backing_off" ? `starts in ${span(child.next)}` : `next in ${span(child.next)}`),
    child.restarts > 0 && count(child.restarts, "restart"),
  ].filter(Boolean);
}
