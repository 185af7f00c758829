// What was noticed, what it was worth and why, and why it was not told.

import { below, get, items } from "../api.js";
import { h, pill, setChoices, show, words } from "../dom.js";
import { factLines, headline, when } from "../facts.js";
import { ago, clock } from "../format.js";
import { more, nothing, report } from "./panel.js";

export default function stories(root, { sources: { stories: source, sports } }) {
  const content = root.querySelector(".content");
  const told = root.querySelector("#stories-told");
  const sport = root.querySelector("#stories-sport");
  const posts = new Map();
  let limit = 40;
  let answer = null;

  const draw = () => show(content,
    answer.items.length === 0 && nothing("Nothing was noticed yet."),
    h("ul.list", { "data-key": "list" }, answer.items.map((record) => entry(record, posts.get(record.story.id)))),
    more(answer.next && limit < 500));
  source.watch((fresh, problem) => {
    report(root, problem);
    if (!fresh) return;
    answer = fresh;
    draw();
  });
  sports.watch((answer) => setChoices(sport, items(answer).map((one) => one.key)));

  const look = () => {
    const query = new URLSearchParams({ limit });
    if (told.value) query.set("told", told.value);
    if (sport.value) query.set("sport", sport.value);
    source.at(`v1/stories?${query}`);
  };
  told.addEventListener("change", look);
  sport.addEventListener("change", look);
  content.addEventListener("click", (event) => {
    if (!event.target.closest("[data-do=more]")) return;
    limit = Math.min(500, limit + 60);
    look();
  });
  // Its posts are asked for when it is opened.
  content.addEventListener("toggle", async (event) => {
    const { id } = event.target.dataset;
    if (!event.target.open || !id) return;
    try {
      posts.set(id, (await get(below("v1/stories/", id))).posts);
    } catch (error) {
      report(root, error);
    }
    draw();
  }, true);
}

function entry(record, posts) {
  const { story } = record;
  const { total, parts } = story.significance;
  return h("li", { "data-key": record.sequence },
    h("details", { "data-id": story.id },
      h("summary", {},
        h("span.line", {}, h("span.kind", {}, words(story.kind)), h("span.what", {}, headline(story.facts))),
        h("span.line.quiet", {},
          verdict(record), worth(total), h("span", {}, story.sport.toUpperCase(), " · ", when(story.facts)), ago(story.seen_at))),
      whyNot(story.verdict, total),
      h("ul.facts", {}, factLines(story.facts).map((line) => h("li", {}, line))),
      breakdown(total, parts),
      record.notes.map((note) => h("p.note", {}, `note: ${note}`)),
      (record.refused ?? []).map(refused),
      told(posts),
      h("p.quiet.small", {}, `first seen ${clock(story.seen_at)}, confirmed ${clock(story.confirmed_at)} · `, h("code", {}, story.id))));
}

function verdict(record) {
  if (record.story.verdict.verdict !== "told") return pill("not told", "info");
  return record.written_at ? pill("told", "good") : pill("being written", "warn");
}

function worth(total) {
  return h("span.worth", { title: `significance ${total.toFixed(3)}` },
    h("meter", { min: 0, max: 1, value: total.toFixed(3), "aria-label": "significance" }), ` ${total.toFixed(2)}`);
}

/** Why a story is not told, in one sentence. */
function whyNot(verdict, total) {
  if (verdict.verdict === "told") return null;
  const { reason } = verdict;
  const sentences = {
    below_threshold: () => `its significance ${total.toFixed(3)} is below the threshold ${reason.threshold}`,
    kind_not_told: () => "the sport's settings do not tell this kind",
    stale: () => `it was ${reason.age_seconds} s old when it was confirmed`,
    nothing_to_correct: () => "what it corrects was never told",
    told_otherwise: () => `the same change is told as ${words(reason.by)}`,
    unfit: () => `it is not quoted: ${reason.why.detail ?? words(reason.why.why)}`,
  };
  return h("p.why", {}, "Not told: ", (sentences[reason.reason] ?? (() => words(reason.reason)))(), ".");
}

function breakdown(total, parts) {
  return h("table", {},
    h("caption", {}, "What it is worth"),
    h("thead", {}, h("tr", {}, ["part", "measured", "adds"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, parts.map((part) => h("tr", {},
      h("th", { scope: "row" }, words(part.name)), h("td", {}, part.value.toFixed(3)), h("td", {}, signed(part.contribution))))),
    h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "significance"), h("td", {}), h("td", {}, total.toFixed(4)))));
}

const signed = (number) => (number < 0 ? "−" : "+") + Math.abs(number).toFixed(4);

const refused = (refused) =>
  h("p.note", {}, `refused (${words(refused.code)}), ${refused.reason}: `, h("q", {}, refused.text));

function told(posts) {
  if (!posts || posts.length === 0) return null;
  return h("ul.told", {}, posts.map(({ post, attempts }) => h("li", {},
    h("strong", {}, post.channel), " ", pill(post.state, tone(post.state)), " ", h("q", {}, post.text),
    h("span.quiet", {}, ` ${attempts.length === 1 ? "1 attempt" : `${attempts.length} attempts`}`, post.reason && `: ${post.reason}`))));
}

/** The tone of a post's state. */
export const tone = (state) =>
  ({ sent: "good", unknown: "bad", failed: "bad", armed: "warn", pending: "info", awaiting_approval: "warn" })[state] ?? "info";
