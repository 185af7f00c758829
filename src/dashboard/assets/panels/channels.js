// Each channel: whether it takes anything, what is left of its limits and budgets, and when its token ends.

import { items } from "../api.js";
import { h, pill, show, words } from "../dom.js";
import { ago, dollars, plainly, spoken, until } from "../format.js";
import { nothing, report } from "./panel.js";

export default function channels(root, { sources }) {
  sources.channels.watch((answer, problem) => {
    report(root, problem);
    if (!answer) return;
    const all = items(answer);
    show(root.querySelector(".content"),
      all.length === 0 && nothing("No channel is set up."),
      h("ul.list", { "data-key": "list", tabindex: 0, "aria-label": "Channels" }, all.map(entry)));
  });
}

const TONES = { open: "good", quiet: "info", limited: "warn", paused: "warn", stopped: "warn", rate_limited: "warn" };

/** What a channel does after that time. */
const WAITS = { quiet: "goes on", limited: "goes on", stopped: "goes on", paused: "goes on" };

/** Names of secrets, and no account's. */
const SECRETS = /^[A-Z][A-Z0-9_ ]*$/;

function entry(channel) {
  return h("li", { "data-key": channel.name },
    h("p.line", {}, pill(channel.state, TONES[channel.state] ?? "bad"), h("strong", {}, channel.name),
      channel.kind !== channel.name && h("span.quiet", {}, words(channel.kind)),
      h("span.quiet", {}, "last post ", channel.last_post ? ago(channel.last_post) : "never")),
    channel.why && h("p.why", {}, spoken(plainly(channel.why)), channel.until && [` · ${WAITS[channel.state] ?? "tried again"} in `, until(channel.until, "a moment")]),
    h("ul.meters", {}, channel.caps.map(cap), budget(channel)),
    h("p.quiet.small", {},
      `${channel.pending} waiting, ${channel.in_flight} under way`,
      channel.quiet && ` · quiet ${channel.quiet}`,
      channel.let_in && ` · ${SECRETS.test(channel.let_in) ? "let in by " : ""}${channel.let_in}`,
      channel.token_expires_at && [" · token ends in ", until(channel.token_expires_at, "no time")]));
}

const cap = ({ window, used, limit, resets_at: resets }) => h("li", { "data-key": window },
  limit === null
    ? h("span", {}, `${used} `, h("span.quiet", {}, `in the last ${words(window)}`))
    : h("span", {}, `${used} of ${limit} `, h("span.quiet", {}, `per ${words(window)}`)),
  limit !== null && meter(used, limit, `posts per ${window}`),
  resets && h("span.quiet", {}, "more in ", until(resets, "a moment")));

function budget({ budget, spent_today: today, spent_month: month }) {
  const one = (name, spent, limit) => (spent > 0 || limit !== null) && h("li", { "data-key": name },
    h("span", {}, limit === null ? `${dollars(spent)} ` : `${dollars(spent)} of ${dollars(limit)} `, h("span.quiet", {}, name)),
    limit !== null && meter(spent, limit, `dollars ${name}`));
  return [one("today", today, budget.per_day), one("this month", month, budget.per_month)];
}

const meter = (used, limit, what) => h("meter", {
  min: 0, max: Math.max(limit, 1e-9), high: limit * 0.8, value: Math.min(used, limit), "aria-label": `${what}: ${used} of ${limit}`,
});
