// The facts of a story, a line each, as somebody who follows the game would write them down.

const PHASES = {
  scheduled: "not started", break: "break", shootout: "shootout", final: "final", delayed: "delayed",
  postponed: "postponed", suspended: "suspended", cancelled: "cancelled", unknown: "the feed does not say",
};

/** What is known of the game at the moment. */
export function factLines(facts) {
  if (facts.news) return [`${facts.news.source} on the ${facts.league}`, `“${facts.news.headline}”`];
  if (facts.contest) return [`${facts.league}`, ...(facts.note ? [`the feed notes: ${facts.note}`] : [])];
  const lines = [teams(facts), `${score(facts, facts.score)} · ${when(facts)}`];
  if (facts.shootout) lines.push(`shootout ${score(facts, facts.shootout)}`);
  if (facts.before && !same(facts.before, facts.score)) lines.push(`before it ${score(facts, facts.before)}`);
  if (facts.retracted) lines.push(`taken back ${score(facts, facts.retracted)}`);
  if (facts.play) lines.push(play(facts));
  if (facts.lead_changes > 0) lines.push(`lead changes so far: ${facts.lead_changes}`);
  if (facts.note) lines.push(`the feed notes: ${facts.note}`);
  return lines;
}

/** The state of the game in a few words: "ATL 117, BOS 116". */
export const headline = (facts) =>
  facts.news ? facts.news.headline : facts.contest ? facts.league : score(facts, facts.score);

/** When it was in the game: "quarter 4, 0:06 left". */
export function when(facts) {
  if (facts.news || facts.contest) return facts.news?.source ?? "result";
  if (facts.phase !== "live") return PHASES[facts.phase] ?? facts.phase;
  return [period(facts.discipline, facts.period, facts.regulation_periods), clock(facts.clock)]
    .filter(Boolean).join(", ");
}

const same = (one, other) => one.home === other.home && one.away === other.away;

const score = (facts, of) => `${facts.away.code} ${of.away}, ${facts.home.code} ${of.home}`;

function teams(facts) {
  const name = (team, rank) => (rank ? `No. ${rank} ${team.name}` : team.name);
  const at = facts.neutral ? "against" : "at";
  return `${name(facts.away, facts.away_rank)} ${at} ${name(facts.home, facts.home_rank)}, ${facts.league}`;
}

function period(discipline, number, regulation) {
  if (!number) return "";
  const unit = discipline === "baseball" ? "inning" : discipline === "hockey" ? "period"
    : regulation === 2 ? "half" : "quarter";
  const over = number - regulation;
  if (over <= 0 || discipline === "baseball") return `${unit} ${number}`;
  if (discipline === "soccer") return "extra time";
  return over === 1 ? "overtime" : `overtime ${over}`;
}

/** A clock as it is written: "7:21 left", "90+4'", "top, 2 out". */
export function clock(clock) {
  if (!clock) return "";
  if (typeof clock === "string") return clock;
  if (clock.left) return `${left(clock.left.millis)} left`;
  if (clock.minute) {
    const { minute, added } = clock.minute;
    return added > 0 ? `${minute}+${added}'` : `${minute}'`;
  }
  if (clock.inning) {
    const { half, outs } = clock.inning;
    return outs === null || outs === undefined ? half : `${half}, ${outs} out`;
  }
  return "";
}

function left(millis) {
  if (millis < 60_000 && millis % 1000 !== 0) return `${(millis / 1000).toFixed(1)} s`;
  return `${Math.floor(millis / 60_000)}:${String(Math.floor(millis / 1000) % 60).padStart(2, "0")}`;
}

function play(facts) {
  const { kind, points, side, player, clock: at } = facts.play;
  const what = kind.replaceAll("_", " ");
  const parts = [points > 1 ? `${what} worth ${points}` : what];
  if (side) parts.push(`for ${facts[side].code}`);
  if (player) parts.push(`by ${player}`);
  const time = clock(at);
  return parts.join(" ") + (time ? `, ${time}` : "");
}
