// Whether all is well, and what is not; the figures of now; and the stop switch.

import { items, post } from "../api.js";
import { h, onClick, show, words } from "../dom.js";
import { ask, say, says } from "../dialog.js";
import { ago, count, dollars, figure, plainly, span, spoken } from "../format.js";
import { report } from "./panel.js";

const LATE = 60;

export default function now(root, { sources, may }) {
  const known = {};
  const draw = (name) => (data, problem) => {
    if (data) known[name] = data;
    if (name === "status") report(root, problem);
    if (known.status) show(root.querySelector(".content"), content(known, may));
    if (known.status) announce(troubles(known));
  };
  for (const name of ["status", "channels", "sports"]) sources[name].watch(draw(name));

  onClick(root, "[data-do=stop]", () => ask({
    title: "Stop publishing?",
    body: [says("Nothing more leaves, on any channel, until you resume. Attempts under way come to their end; posts wait, and those that grow too old expire.")],
    verb: "Stop publishing",
    danger: true,
    act: () => switched("v1/publishing/stop"),
  }));
  onClick(root, "[data-do=resume]", () => ask({
    title: "Resume publishing?",
    body: [says("What waits and is not too old leaves now.")],
    verb: "Resume publishing",
    act: () => switched("v1/publishing/resume"),
  }));

  async function switched(path) {
    const done = await post(path);
    say(`${done.detail}.`);
    sources.status.refresh();
  }
}

/** What is not as it should be: [how bad, what, where to look]. */
export function troubles({ status, channels, sports }) {
  const found = [];
  const add = (tone, text, where) => found.push([tone, text, where]);
  if (status.switches.publishing_stopped) add("bad", "Publishing is stopped on every channel", "now");
  if (status.epoch === null) add("warn", "Another instance leads; this one stands by", "tree");
  const { unknown } = status.backlog;
  if (unknown > 0) add("bad", `${count(unknown, "post")} of unknown outcome`, "outbox");
  // Parts whose trouble is told in other words.
  const halted = new Set(unknown > 0 ? ["self-healing"] : []);
  for (const channel of items(channels)) {
    if (["open", "quiet", "stopped", "paused"].includes(channel.state)) continue;
    halted.add(`publisher/${channel.name}`);
    add(channel.state.endsWith("limited") ? "warn" : "bad", `${channel.name}: ${words(channel.state)}`, "channels");
  }
  for (const sport of items(sports)) {
    if (sport.state === "down" || sport.state === "late") {
      halted.add(`sports/${sport.key}`);
      add(sport.live > 0 ? "bad" : "warn", `${sport.name}: ${plainly(sport.reason ?? `its feed is ${sport.state}`)}`, "games");
    }
  }
  walk(status.tree, "", (child, path) => {
    if (["failed", "backing_off", "restarting"].includes(child.phase)) add("bad", `${path} is ${words(child.phase)}`, "tree");
    else if (child.phase === "paused") add("warn", `${path} is paused`, "tree");
    else if (child.health.state === "degraded" && !halted.has(path)) add("warn", `${path}: ${plainly(child.health.reason)}`, "tree");
  });
  const said = {
    channel_halted: (channel) => halted.has(`publisher/${channel}`),
    feed_silent: (sport) => halted.has(`sports/${sport}`),
    unknown_post: () => unknown > 0,
    writer_left_alone: () => true,
  };
  for (const { kind, subject, calm_since: calm } of status.alerts.open) {
    if (!calm && !said[kind]?.(subject)) add("bad", `${words(kind)}: ${subject}`, "alerts");
  }
  if (status.last_reload?.error) add("warn", "The last reload of the settings failed; the old ones hold", "log");
  for (const writer of status.writers) {
    if (writer.reason) add("warn", `${writer.name} does not write: ${writer.reason}`, "tree");
  }
  if ((status.now?.lag_seconds ?? 0) > LATE) add("warn", `posts are ${span(status.now.lag_seconds)} late`, "outbox");
  return found;
}

function walk(children, above, call) {
  for (const child of children) {
    call(child, above + child.name);
    walk(child.children, `${above}${child.name}/`, call);
  }
}

/** The worst tone of all troubles. */
const worst = (found) => ["bad", "warn"].find((tone) => found.some(([one]) => one === tone)) ?? "good";

function content(known, may) {
  const { status } = known;
  const found = troubles(known);
  const waiting = status.backlog.awaiting_approval;
  return [
    h(`div.verdict.${worst(found)}`, { "data-key": "verdict" },
      h("p.sentence", {}, h("span.lamp", { "aria-hidden": "true" }), verdict(found)),
      h("ul.found", {},
        found.map(([tone, text, where]) => h(`li.${tone}`, {}, h("a", { href: `#${where}` }, spoken(text)))),
        waiting > 0 && h("li.info", {}, h("a", { href: "#approvals" }, `${count(waiting, "text")} ${waiting === 1 ? "waits" : "wait"} for an editor`)))),
    may("publish") && h("div.switch", { "data-key": "switch" }, stopSwitch(status.switches.publishing_stopped)),
    h("dl.figures", { "data-key": "figures" }, figures(status)),
    h("dl.lasts", { "data-key": "lasts" }, lasts(status, known.channels)),
  ];
}

function verdict(found) {
  if (found.length === 0) return "All is well";
  const grave = found.filter(([tone]) => tone === "bad").length;
  if (grave === 0) return count(found.length, "thing is not as usual", "things are not as usual");
  return count(grave, "thing needs you", "things need you");
}

const stopSwitch = (since) => (since
  ? [h("button.primary", { type: "button", "data-do": "resume", "data-key": "resume" }, "Resume publishing"),
    h("p.quiet", {}, "stopped ", ago(since))]
  : h("button.stop", { type: "button", "data-do": "stop", "data-key": "stop" }, "Stop publishing"));

function figures(status) {
  const now = status.now ?? {};
  const failures = now.failures_24h ?? null;
  const { unknown } = status.backlog;
  const one = (name, value, tone) => h("div", {}, h("dt", {}, name), h(tone ? `dd.${tone}` : "dd", {}, value));
  return [
    status.epoch === null ? one("leader", "another") : one(`leader, epoch ${status.epoch}`, "this one"),
    one("lag", typeof now.lag_seconds === "number" ? span(now.lag_seconds) : "–", now.lag_seconds > LATE && "warn"),
    one("posts in 1 h", figure(now.posts_1h)),
    one("posts in 24 h", figure(now.posts_24h)),
    one("failures in 24 h", figure(failures), failures > 0 && "warn"),
    one("unknown", figure(unknown), unknown > 0 && "bad"),
    one("spent today", dollars(now.dollars_today)),
    one("started", ago(status.started_at)),
  ];
}

function lasts(status, channels) {
  const times = { ...status.now?.last_posts };
  for (const channel of items(channels)) times[channel.name] ??= channel.last_post ?? null;
  return Object.entries(times).map(([name, at]) =>
    h("div", { "data-key": name }, h("dt", {}, `last on ${name}`), h("dd", {}, at ? ago(at) : h("span.quiet", {}, "nothing yet"))));
}

const LAMPS = { good: "%23278a55", warn: "%23b7791f", bad: "%23c53030" };

/** Says it where the page is not looked at: in its title and its icon. */
function announce(found) {
  const tone = worst(found);
  const grave = found.filter(([one]) => one === "bad").length;
  document.title = grave > 0 ? `(${grave}) wirereport` : "wirereport";
  const icon = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='6' fill='${LAMPS[tone]}'/%3E%3C/svg%3E`;
  const link = document.getElementById("icon");
  if (link.getAttribute("href") !== icon) link.setAttribute("href", icon);
}
