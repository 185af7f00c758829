// Every post by channel and state, and what may be done about it, one by one or many at once.

import { items, post } from "../api.js";
import { h, onClick, pill, setChoices, show, words } from "../dom.js";
import { ask, field, quotes, say, says, tickbox } from "../dialog.js";
import { ago, count, plainly, until } from "../format.js";
import { button, more, nothing, report } from "./panel.js";
import { tone } from "./stories.js";

const STATES = ["awaiting_approval", "pending", "armed", "sent", "unknown", "failed", "expired", "discarded", "superseded"];
const RETRIED = ["failed", "expired", "unknown", "discarded"];
const DISCARDED = ["awaiting_approval", "pending", "failed", "expired"];

export default function outbox(root, { sources: { posts: source, channels }, may }) {
  const content = root.querySelector(".content");
  const bulk = root.querySelector(".bulk");
  const state = root.querySelector("#outbox-state");
  const channel = root.querySelector("#outbox-channel");
  let limit = 40;
  let shown = [];
  setChoices(state, STATES);

  source.watch((answer, problem) => {
    report(root, problem);
    if (!answer) return;
    shown = items(answer);
    const picks = may("publish") && shown.some(isOpen);
    show(content,
      shown.length === 0 && nothing(state.value || channel.value ? "No such post." : "Nothing was written yet."),
      h("ul.list", { "data-key": "list", tabindex: 0, "aria-label": "Posts, newest first" }, shown.map((post) => entry(post, picks))),
      more(answer.next && limit < 500));
    marked();
  });
  channels.watch((answer) => setChoices(channel, items(answer).map((one) => one.name)));

  const look = () => {
    const query = new URLSearchParams({ limit });
    if (state.value) query.set("state", state.value);
    if (channel.value) query.set("channel", channel.value);
    source.at(`v1/posts?${query}`);
  };
  state.addEventListener("change", look);
  channel.addEventListener("change", look);
  onClick(content, "[data-do=more]", () => {
    limit = Math.min(500, limit + 60);
    look();
  });

  const of = (button) => shown.find((post) => String(post.id) === button.dataset.id);
  const act = async (post, does, body) => {
    await order(post.id, does, body);
    say(`Post ${post.id}: ${PAST[does]}.`);
    source.refresh();
  };
  onClick(content, "[data-do=retry]", (button) => retry(of(button), act));
  onClick(content, "[data-do=discard]", (button) => discard(of(button), act));
  onClick(content, "[data-do=resolve]", (button) => resolve(of(button), act));

  const ticked = () => {
    const ids = [...content.querySelectorAll("input:checked")].map((box) => box.value);
    return shown.filter((post) => ids.includes(String(post.id)));
  };
  const marked = () => {
    const posts = ticked();
    bulk.hidden = posts.length === 0;
    show(bulk, posts.length > 0 && many(posts));
  };
  content.addEventListener("change", marked);
  onClick(bulk, "[data-do=none]", () => {
    for (const box of content.querySelectorAll("input:checked")) box.checked = false;
    marked();
  });
  onClick(bulk, "[data-do=all-retry]", () => confirmMany("retry", RETRIED));
  onClick(bulk, "[data-do=all-discard]", () => confirmMany("discard", DISCARDED));

  function confirmMany(does, states) {
    const posts = ticked().filter((post) => states.includes(post.state));
    ask({
      title: `${WORDS[does]} ${count(posts.length, "post")}?`,
      body: [says(CONSEQUENCES[does])],
      verb: `${WORDS[does]} ${posts.length}`,
      danger: does === "discard",
      async act() {
        const refused = [];
        for (const post of posts) {
          await order(post.id, does).catch((problem) => refused.push(problem.message));
        }
        for (const box of content.querySelectorAll("input:checked")) box.checked = false;
        const done = posts.length - refused.length;
        const rest = refused.length > 0 ? `; ${refused.length} not: ${refused[0]}` : ".";
        say(`${count(done, "post")} ${PAST[does]}${rest}`, refused.length > 0 ? "bad" : "good");
        source.refresh();
      },
    });
  }
}

const WORDS = { retry: "Retry", discard: "Discard" };
const PAST = { retry: "sent on its way again", discard: "discarded", resolve: "resolved" };
const CONSEQUENCES = {
  retry: "Each goes out as soon as its channel takes it. One of unknown outcome may then be there twice.",
  discard: "They are never sent. This cannot be undone, but each can be retried.",
};

const order = (id, does, body) => post(`v1/posts/${id}/${does}`, body);

/** Whether something may be done about it. */
const isOpen = ({ state }) => RETRIED.includes(state) || DISCARDED.includes(state);

/** A post, with a place before it where any in the list can be picked. */
function entry(post, picks) {
  const steered = picks && isOpen(post);
  const name = `post ${post.id}`;
  return h("li.post", { "data-key": post.id },
    picks && !steered && h("span.pick"),
    steered && h("label.pick", {}, h("input", { type: "checkbox", value: post.id, "aria-label": `Choose ${name}` })),
    h("div.body", {},
      h("p.line", {}, pill(post.state, tone(post.state)), h("strong", {}, post.channel),
        post.operation !== "create" && h("span.quiet", {}, words(post.operation)),
        h("span.quiet", {}, `#${post.id}`), ago(post.changed_at)),
      h("p.text", {}, post.text),
      why(post),
      steered && h("p.does", {},
        post.state === "unknown" && button("resolve", post.id, "Resolve…", name),
        RETRIED.includes(post.state) && button("retry", post.id, "Retry", name),
        DISCARDED.includes(post.state) && button("discard", post.id, "Discard", name))));
}

function why(post) {
  const waits = post.waits;
  const parts = [
    post.reason && !waits?.reason.includes(post.reason) && plainly(post.reason),
    waits && `waits: ${plainly(waits.reason)}`,
    post.failures > 0 && count(post.failures, "failed attempt"),
  ].filter(Boolean);
  const time = waits?.until && [" · again in ", until(waits.until, "a moment")];
  if (parts.length === 0 && !post.remote?.url) return null;
  return h("p.quiet.small", {}, parts.join(" · "), time, post.remote?.url && [" ", link(post.remote.url)]);
}

/** A link to what was posted; to the web alone, since the address is the platform's word. */
const link = (url) => (/^https?:/.test(url)
  ? h("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, "see it") : null);

function retry(post, act) {
  const twice = post.state === "unknown" ? " It may be there already: then it is there twice." : "";
  ask({
    title: `Retry post ${post.id} on ${post.channel}?`,
    body: [quotes(post.text), says(`It goes out as soon as the channel takes it.${twice}`)],
    verb: "Retry",
    danger: post.state === "unknown",
    act: () => act(post, "retry"),
  });
}

function discard(post, act) {
  ask({
    title: `Discard post ${post.id} on ${post.channel}?`,
    body: [quotes(post.text), says("It is not sent.")],
    verb: "Discard",
    danger: true,
    act: () => act(post, "discard"),
  });
}

function resolve(post, act) {
  ask({
    title: `Is post ${post.id} on ${post.channel}?`,
    body: [
      quotes(post.text),
      says("Look at the channel: nobody else can tell. If it is not there, it goes out again."),
      tickbox("It is there", "sent"),
      field("What the channel calls it, if you know", "remote_id", { autocomplete: "off" }),
    ],
    verb: "Resolve",
    act: ({ sent, remote_id }) => act(post, "resolve", { sent: sent === "yes", remote_id: remote_id.trim() || null }),
  });
}

function many(posts) {
  const fit = (states) => posts.filter((post) => states.includes(post.state)).length;
  const [retried, discarded] = [fit(RETRIED), fit(DISCARDED)];
  return [
    h("span", {}, `${posts.length} chosen`),
    retried > 0 && h("button", { type: "button", "data-do": "all-retry", "data-key": "retry" }, `Retry ${retried}`),
    discarded > 0 && h("button", { type: "button", "data-do": "all-discard", "data-key": "discard" }, `Discard ${discarded}`),
    h("button.plain", { type: "button", "data-do": "none", "data-key": "none" }, "Choose none"),
  ];
}
