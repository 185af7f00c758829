// What the operator is told of without asking and is not over. The panel is there only while there is something in it.

import { sentence } from "../api.js";
import { h, pill, show, words } from "../dom.js";
import { ago, clock, count, plainly, spoken } from "../format.js";

export default function alerts(root, { sources }) {
  sources.status.watch((status) => {
    if (!status) return;
    const { open } = status.alerts;
    root.hidden = open.length === 0;
    root.querySelector(".aside").textContent = count(open.length, "alert");
    show(root.querySelector(".content"), h("ul.list", { "data-key": "list" }, open.map(entry)));
  });
}

const entry = (alert) => h("li", { "data-key": `${alert.kind} ${alert.subject}` },
  h("p.line", {},
    pill(alert.kind, alert.calm_since ? "warn" : "bad"), h("strong", {}, alert.subject),
    h("span.quiet", {}, `since ${clock(alert.since)}, `, ago(alert.since)),
    alert.times > 1 && h("span.quiet", {}, `told ${alert.times} times lately`)),
  h("p", {}, spoken(sentence(plainly(alert.detail)))),
  alert.calm_since && h("p.quiet.small", {}, `Not seen since ${clock(alert.calm_since)}; it is over once it stays away.`));
