// The games that are on: how they stand, how they got there, and what waits to be confirmed.

import { items } from "../api.js";
import { h, pill, show, words } from "../dom.js";
import { clock } from "../facts.js";
import { ago, count, percent, until } from "../format.js";
import { spark } from "../spark.js";
import { nothing, report } from "./panel.js";

const LIVE = ["live", "break", "shootout", "delayed"];
/** How many games that are not on are listed. */
const OTHERS = 12;

export default function games(root, { sources }) {
  let sports = [];
  let shown = null;
  const draw = () => shown && show(root.querySelector(".content"), content(shown, sports));
  sources.games.watch((answer, problem) => {
    report(root, problem);
    if (!answer) return;
    shown = items(answer);
    const live = shown.filter(isLive).length;
    root.querySelector(".aside").textContent = live > 0 ? `${count(live, "game")} on` : "";
    draw();
  });
  sources.sports.watch((answer) => {
    sports = items(answer);
    draw();
  });
}

const isLive = (game) => LIVE.includes(game.status);

/** What a period is called, by the league; halves elsewhere. */
const PERIODS = [[/nba|nfl|ncaaf|ncaaw/, "quarter"], [/nhl/, "period"], [/mlb/, "inning"]];

function content(all, sports) {
  const live = all.filter(isLive);
  const others = all.filter((game) => !isLive(game)).slice(0, OTHERS);
  return [
    live.length === 0 && nothing("No game is on."),
    h("ul.games", { "data-key": "live" }, live.map(card)),
    others.length > 0 && h("details", { "data-key": "others" },
      h("summary", {}, `${count(others.length, "other game")}`),
      h("ul.rows", {}, others.map(row))),
    h("ul.feeds", { "data-key": "feeds", "aria-label": "Feeds" }, sports.map(feed)),
  ];
}

function card(game) {
  const home = game.home.name ?? game.home.code;
  return h("li.game", { "data-key": game.id },
    h("p.where.quiet", {}, h("span", {}, game.sport.toUpperCase()), h("span", {}, stands(game))),
    side(game.away, game.home),
    side(game.home, game.away),
    spark(game.history, home),
    typeof game.win_probability === "number" && h("p.chance.quiet", {}, `${home} ${percent(game.win_probability)} to win`),
    game.waiting && h("p.waiting", {}, pill("confirming", "warn"), " ", game.waiting),
    game.quarantine && h("p.waiting", {}, pill("set aside", "bad"), " ", game.quarantine));
}

function side(side, other) {
  const ahead = (side.score ?? 0) > (other.score ?? 0);
  return h(ahead ? "p.side.ahead" : "p.side", {},
    h("span", {}, side.name ?? side.code), h("span.score", {}, side.score ?? "–"));
}

function stands(game) {
  if (game.status !== "live") return words(game.status);
  const [, unit] = PERIODS.find(([league]) => league.test(game.sport)) ?? [null, "half"];
  return [game.period > 0 && `${unit} ${game.period}`, clock(game.clock)].filter(Boolean).join(" · ") || "live";
}

const row = (game) => h("li", { "data-key": game.id },
  h("span.quiet", {}, game.sport.toUpperCase()), " ",
  `${game.away.name ?? game.away.code} ${game.away.score ?? ""} – ${game.home.name ?? game.home.code} ${game.home.score ?? ""} `,
  h("span.quiet", {}, words(game.status)));

const TONES = { ok: "good", late: "warn", down: "bad" };

const feed = (sport) => h("li", { "data-key": sport.key },
  h("span", {}, sport.name), " ", pill(sport.state, TONES[sport.state] ?? "info"), " ",
  h("span.quiet", {}, [sport.feed ?? "no feed yet", " · looked ", sport.last_poll ? ago(sport.last_poll) : "never",
    sport.next_poll && [" · next in ", until(sport.next_poll, "a moment")], sport.reason && ` · ${sport.reason}`]));
