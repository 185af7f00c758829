// Texts that wait for an editor, each beside the facts it was written from, until it expires.

import { below, get, items, post } from "../api.js";
import { h, onClick, show } from "../dom.js";
import { ask, field, quotes, say, tickbox } from "../dialog.js";
import { factLines } from "../facts.js";
import { count, until } from "../format.js";
import { button, nothing, report } from "./panel.js";

export default function approvals(root, { sources: { waiting: source, status }, may }) {
  const content = root.querySelector(".content");
  const aside = root.querySelector(".aside");
  /** The facts of each story's revisions, as far as they were asked for. */
  const facts = new Map();
  let shown = [];

  const draw = () => {
    aside.textContent = shown.length > 0 ? count(shown.length, "text") : "";
    show(content,
      shown.length === 0 && nothing("No text waits for an editor."),
      h("ul.approvals", { "data-key": "list" }, shown.map((post) => entry(post, facts.get(key(post)), may))));
  };
  source.watch((answer, problem) => {
    report(root, problem);
    if (!answer) return;
    shown = items(answer);
    draw();
    learn(shown.filter((post) => !facts.has(key(post))));
  });

  async function learn(posts) {
    for (const post of posts) {
      if (facts.has(key(post))) continue;
      try {
        const { revisions } = await get(below("v1/stories/", post.story));
        for (const { story } of revisions) facts.set(`${story.id} ${story.revision}`, story.facts);
      } catch (error) {
        report(root, error);
        return;
      }
      draw();
    }
  }

  const act = async (id, does, body, past) => {
    await post(`v1/posts/${id}/${does}`, body);
    say(`Post ${id} is ${past}.`);
    source.refresh();
    status.refresh();
  };
  const of = (button) => shown.find((post) => String(post.id) === button.dataset.id);

  onClick(content, "[data-do=approve]", async (button) => {
    button.disabled = true;
    try {
      await act(button.dataset.id, "approve", null, "approved");
    } catch (error) {
      say(error.message, "bad");
      button.disabled = false;
      source.refresh();
    }
  });
  onClick(content, "[data-do=edit]", (button) => {
    const post = of(button);
    ask({
      title: `Edit the text for ${post.channel}`,
      body: [
        field("Text", "text", { rows: 5, required: true }, post.text),
        tickbox("I answer for it: do not hold it against the facts", "own"),
      ],
      verb: "Save",
      act: ({ text, own }) => act(post.id, "edit", { text, own: own === "yes" }, "edited, and still waits"),
    });
  });
  onClick(content, "[data-do=reject]", (button) => {
    const post = of(button);
    ask({
      title: `Reject the text for ${post.channel}?`,
      body: [quotes(post.text), field("Why, in a few words (optional)", "reason", { autocomplete: "off", maxlength: 200 })],
      verb: "Reject",
      danger: true,
      act: ({ reason }) => act(post.id, "reject", { reason: reason || null }, "rejected"),
    });
  });
}

const key = (post) => `${post.story} ${post.revision}`;

function entry(post, facts, may) {
  const name = `post ${post.id}`;
  return h("li.approval", { "data-key": post.id },
    h("div.text", {},
      h("p.line.quiet", {}, h("strong", {}, post.channel), h("span", {}, post.author),
        h("span", {}, "expires in ", until(post.send_before, "no time", true))),
      h("blockquote", {}, post.text),
      may("publish") && h("p.does", {},
        h("button.primary", { type: "button", "data-do": "approve", "data-id": post.id, "aria-label": `Approve ${name}` }, "Approve"),
        button("edit", post.id, "Edit…", name),
        button("reject", post.id, "Reject…", name))),
    h("div.beside", {},
      h("h3", {}, "Facts"),
      facts ? h("ul.facts", {}, factLines(facts).map((line) => h("li", {}, line))) : h("p.quiet", {}, "…")));
}
