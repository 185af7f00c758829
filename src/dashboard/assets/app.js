// The page: who is signed in, what the panels show, and what makes them ask again.

import { Source, onSignedOut, post } from "./api.js";
import { follow } from "./stream.js";
import { say } from "./dialog.js";
import { words } from "./dom.js";
import { tick } from "./format.js";
import { forget, signedIn } from "./sign-in.js";
import alerts from "./panels/alerts.js";
import approvals from "./panels/approvals.js";
import channels from "./panels/channels.js";
import games from "./panels/games.js";
import log from "./panels/log.js";
import now from "./panels/now.js";
import outbox from "./panels/outbox.js";
import stories from "./panels/stories.js";
import tree from "./panels/tree.js";

const element = (id) => document.getElementById(id);

/** What the panels show, each asked for in one place. */
const sources = {
  status: new Source("v1/status"),
  sports: new Source("v1/sports"),
  games: new Source("v1/games"),
  stories: new Source("v1/stories?limit=40"),
  posts: new Source("v1/posts?limit=40"),
  waiting: new Source("v1/posts?state=awaiting_approval&limit=50"),
  channels: new Source("v1/channels"),
};

/** Which of them an event may have changed, by what its type begins with. */
const CHANGES = [
  ["story.", ["stories", "status"]],
  ["post.", ["posts", "waiting", "status", "channels"]],
  ["post.pending", ["stories"]],
  ["post.awaiting_approval", ["stories"]],
  ["game.", ["games"]],
  ["actor.", ["status"]],
  ["channel.", ["channels", "status"]],
  ["switch.", ["status", "channels"]],
  ["alert.", ["status"]],
];

/** How often everything is asked for while there is no stream, in milliseconds: a proxy may let none through. */
const WITHOUT_STREAM = 5_000;

/** What grows old without an event, and how often it is asked for, in milliseconds. */
const GROWS_OLD = [["status", 10_000], ["channels", 20_000], ["sports", 20_000], ["games", 20_000]];

function start(me) {
  const may = (scope) => me.scopes.includes(scope);
  const panels = { now, alerts, games, stories, outbox, approvals, channels, tree, log };
  const logged = {};
  for (const [id, panel] of Object.entries(panels)) {
    logged[id] = panel(element(id), { sources, may });
  }
  for (const name of ["desk", "who", "sign-out"]) element(name).hidden = false;
  element("who").textContent = `${me.subject.replace(/^token:/, "")} · ${me.scopes.at(-1)}`;
  element("sign-out").addEventListener("click", signOut);
  sources.status.watch((status) => {
    if (status) element("instance").textContent = status.instance;
  });

  let streaming = false;
  const refresh = (names) => names.forEach((name) => sources[name].refresh());
  follow("v1/stream", {
    event(type, data) {
      if (type.startsWith("log.")) logged.log.add(type.slice(4), data);
      if (type.startsWith("alert.")) alerted(type, data);
      for (const [begins, names] of CHANGES) {
        if (type.startsWith(begins)) refresh(names);
      }
    },
    state(state) {
      streaming = state === "live";
      connection(state);
    },
    caughtUp: () => refresh(Object.keys(sources)),
  });
  refresh(Object.keys(sources));
  for (const [name, each] of GROWS_OLD) {
    setInterval(() => sources[name].refresh(), each);
  }
  setInterval(() => streaming || refresh(Object.keys(sources)), WITHOUT_STREAM);
  setInterval(() => document.hidden || tick(document), 1000);
}

/** Says an alert wherever on the page one is. */
function alerted(type, { kind, subject }) {
  const what = `${words(kind)}, ${subject}.`;
  if (type === "alert.resolved") say(`Over: ${what}`);
  else say(`Alert: ${what}`, "bad");
}

const CONNECTIONS = { live: "live", connecting: "connecting…", paused: "paused", lost: "not live; asking each 5 s" };

function connection(state) {
  const place = element("connection");
  place.textContent = CONNECTIONS[state];
  place.className = `connection ${state}`;
}

async function signOut() {
  try {
    await post("v1/sign-out");
    ended();
  } catch (error) {
    say(error.message, "bad");
  }
}

function ended() {
  forget();
  location.reload();
}

onSignedOut(ended);
// A link that is opened where the page is already.
addEventListener("hashchange", () => location.hash.startsWith("#code=") && location.reload());
start(await signedIn());
