//! The rule state, as it is committed with every poll.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::contests::Ended;
use super::course::{Course, Mark};
use super::identity::FeedGame;
use super::incidents::Incident;
use super::milestones::Reached;
use super::period::{PeriodBack, PeriodCandidate};
use super::phase::PhaseCandidate;
use super::run::RunNoted;
use super::score::{Fall, Rise};
use super::second::Second;
use super::shown::Curve;
use super::states::StateCandidate;
use crate::wire::elo::Ratings;
use crate::wire::game::{Bases, Clock, FeedGameId, Game, GameId, Phase, Score, Which};
use crate::wire::moment::MomentKind;
use crate::wire::news::NewsState;
use crate::wire::story::{Story, StoryId, Verdict};
use crate::wire::win_probability::feed::Figure;
use crate::wire::win_probability::{Chance, Expectation, Situation};

/// The rule state of one sport, committed with every poll.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SportState {
    /// The games, by our id.
    pub games: BTreeMap<GameId, GameState>,
    /// How far a replay has come, in frames; `None` for live feeds.
    pub cursor: Option<u64>,
    /// Which of our games each feed's ids mean, feed by feed.
    #[serde(default)]
    pub feed_ids: BTreeMap<String, BTreeMap<FeedGameId, FeedGame>>,
    /// How strong the sides are, by the finals seen so far.
    #[serde(default)]
    pub ratings: Ratings,
    /// Of a feed of news, what was seen of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub news: Option<NewsState>,
}

/// What is known of one game.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GameState {
    /// The last sight, confirmed or not.
    pub last: Game,
    /// When that was.
    pub seen_at: Timestamp,
    /// The feed it came from.
    pub feed: String,
    /// Why nothing more is told of the game; `None` for a game in good order.
    pub quarantine: Option<String>,

    pub(super) phase: Phase,
    pub(super) phase_seen_at: Timestamp,
    pub(super) phase_candidate: Option<PhaseCandidate>,
    /// Play has begun, by any confirmed sight.
    pub(super) started: bool,
    /// The delay or suspension that has not been resumed.
    pub(super) held_up: Option<Phase>,
    /// What the game was last called off as, and its start at that time.
    pub(super) called_off: Option<(Phase, Option<Timestamp>)>,
    /// The score of the confirmed final.
    pub(super) ended: Option<Score>,

    pub(super) period: u8,
    pub(super) period_seen_at: Timestamp,
    pub(super) period_candidate: Option<PeriodCandidate>,
    pub(super) period_back: Option<PeriodBack>,
    pub(super) periods_ended: u8,
    pub(super) shootout_told: bool,
    #[serde(default)]
    pub(super) state_candidates: Vec<StateCandidate>,
    /// The states the game was first seen in, which are not told.
    #[serde(default)]
    pub(super) states_past: BTreeSet<MomentKind>,

    /// The confirmed score and what led to it; `None` until a score is seen.
    pub(super) course: Option<Course>,
    pub(super) marks: VecDeque<Mark>,
    #[serde(default)]
    pub(super) run_noted: Option<RunNoted>,
    /// The game was first seen before its start, so that what was expected of it is what was expected then.
    #[serde(default)]
    pub(super) met_before_start: bool,
    /// The baseline was before the start, and no gap since was too large.
    pub(super) sure: bool,
    pub(super) score_seen_at: Timestamp,
    pub(super) rises: Vec<Rise>,
    pub(super) fall: Option<Fall>,
    /// Another feed has taken over and has not yet shown as much as is confirmed.
    pub(super) behind: bool,
    pub(super) plays: VecDeque<String>,
    /// `None` in a ledger that is older than they are: what the next board shows is then not news.
    #[serde(default)]
    pub(super) incidents: Option<Vec<Incident>>,
    /// `None` as `incidents` is.
    #[serde(default)]
    pub(super) milestones: Option<Reached>,
    /// Of a contest of athletes, its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) contest: Option<Ended>,

    pub(super) expected: Expectation,
    /// The home margin that the board's odds last expected before the start.
    #[serde(default)]
    pub(super) odds: Option<f64>,
    /// The feed's own chance, with what was on the board when it was first seen.
    #[serde(default)]
    pub(super) figure: Option<Figure>,
    pub(super) chances: Option<Chances>,
    #[serde(default, skip_serializing_if = "Curve::is_empty")]
    pub(super) curve: Curve,
    pub(super) ordinals: BTreeMap<MomentKind, u32>,
    pub(super) told: VecDeque<Telling>,
    /// The next sight is a baseline, whatever was seen before.
    #[serde(default)]
    pub(super) forgotten: bool,
    /// What another feed said of the game.
    #[serde(default)]
    pub(super) second: Option<Second>,
}

/// Home's chances along the game.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Chances {
    /// Before the start, or at the baseline.
    pub(super) first: f64,
    /// The least so far.
    pub(super) least: f64,
    /// The greatest so far.
    pub(super) greatest: f64,
    /// All their moves so far, added up.
    #[serde(default)]
    pub(super) excitement: f64,
    /// At the last sight whose score is confirmed.
    pub(super) now: Chance,
    /// At the last moment.
    pub(super) moment: Chance,
    /// At the last told moment.
    pub(super) told: Chance,
}

/// A told story and the score it told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Telling {
    pub(super) story: StoryId,
    pub(super) revision: u32,
    pub(super) is_final: bool,
    /// The kind and the time of the telling.
    #[serde(default)]
    pub(super) told_as: Option<(MomentKind, Timestamp)>,
    pub(super) score: Score,
}

/// What one sight says, as far as candidates keep it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Sight {
    pub(super) at: Timestamp,
    pub(super) phase: Phase,
    /// Whether the board itself said so; else the phase is the confirmed one.
    pub(super) phase_known: bool,
    pub(super) period: u8,
    pub(super) clock: Option<Clock>,
    #[serde(default)]
    pub(super) bases: Option<Bases>,
    pub(super) score: Option<Score>,
    pub(super) shootout: Option<Score>,
    pub(super) home_win_probability: Option<f64>,
    /// Its score is not below the confirmed one, or it has none.
    pub(super) sound: bool,
}

impl Sight {
    pub(super) fn situation(&self, score: Score) -> Situation {
        Situation {
            score,
            shootout: self.shootout,
            phase: self.phase,
            period: self.period,
            clock: self.clock,
            bases: self.bases,
        }
    }
}

pub(super) fn shootout(game: &Game) -> Option<Score> {
    Some(Score { home: game.home.shootout?, away: game.away.shootout? })
}

/// Whether play has begun, as this one board has it.
fn has_begun(game: &Game) -> bool {
    let scored = game.score().is_some_and(|score| score != Score::default());
    match game.phase {
        Phase::Live | Phase::Break | Phase::Shootout | Phase::Final | Phase::Suspended => true,
        Phase::Delayed | Phase::Unknown => game.period > 0 || scored,
        Phase::Scheduled | Phase::Postponed | Phase::Cancelled => false,
    }
}

impl GameState {
    /// The state after the first sight of a game, which yields nothing.
    pub fn baseline(game: Game, feed: &str, seen_at: Timestamp) -> Self {
        let started = has_begun(&game);
        let score = if started { game.score() } else { Some(Score::default()) };
        let held_up = matches!(game.phase, Phase::Delayed | Phase::Suspended).then_some(game.phase);
        let called_off =
            matches!(game.phase, Phase::Postponed | Phase::Cancelled).then_some((game.phase, game.starts_at));
        let mut state = Self {
            seen_at,
            feed: feed.to_owned(),
            quarantine: None,
            phase: game.phase,
            phase_seen_at: seen_at,
            phase_candidate: None,
            started,
            held_up,
            called_off,
            ended: if game.phase == Phase::Final { game.score() } else { None },
            period: game.period,
            period_seen_at: seen_at,
            period_candidate: None,
            period_back: None,
            periods_ended: if game.phase == Phase::Break {
                game.period
            } else {
                game.period.saturating_sub(1)
            },
            shootout_told: game.phase == Phase::Shootout,
            state_candidates: Vec::new(),
            states_past: BTreeSet::new(),
            course: score.map(Course::from),
            marks: VecDeque::new(),
            run_noted: None,
            met_before_start: !started,
            sure: !started,
            score_seen_at: seen_at,
            rises: Vec::new(),
            fall: None,
            behind: false,
            plays: VecDeque::new(),
            incidents: None,
            milestones: None,
            contest: game.contest.is_some().then(|| Ended::baseline(&game)),
            expected: Expectation { home_margin: game.expected_home_margin, neutral: game.neutral },
            odds: game.expected_home_margin,
            figure: None,
            chances: None,
            curve: Curve::default(),
            ordinals: BTreeMap::new(),
            told: VecDeque::new(),
            forgotten: false,
            second: None,
            last: game,
        };
        let _ = state.fresh_plays(&state.last.plays.clone());
        state.incidents = Some(Incident::listed(&state.last, &state.sight(&state.last, seen_at)));
        state
    }

    /// The state after the next sight of a game whose earlier sights are forgotten: a baseline in which no ordinal comes
    /// again.
    pub(super) fn anew(&self, game: Game, feed: &str, seen_at: Timestamp) -> Self {
        let ordinals = self.ordinals.clone();
        let quarantine = self.quarantine.clone();
        Self { ordinals, quarantine, ..Self::baseline(game, feed, seen_at) }
    }

    /// The confirmed phase.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The confirmed score.
    pub fn score(&self) -> Option<Score> {
        self.course.as_ref().map(|course| course.score)
    }

    /// Home's chance to win as it was last known: by the feed where it says so, else by the model; settled once the game
    /// is over. `None` at a baseline.
    pub fn home_chance(&self) -> Option<f64> {
        if self.phase != Phase::Final {
            return Some(self.chances?.now.home());
        }
        let leader = self.score()?.leader().or_else(|| shootout(&self.last).and_then(Score::leader));
        Some(match leader {
            Some(Which::Home) => 1.0,
            Some(Which::Away) => 0.0,
            None => 0.5,
        })
    }

    /// The score of the confirmed final that the last sight shows, too.
    pub(super) fn settled_at(&self) -> Option<Score> {
        let shown = self.last.phase == Phase::Final && self.quarantine.is_none();
        self.ended.filter(|score| shown && !self.is_reopened() && self.last.score() == Some(*score))
    }

    /// Whether something was seen that another sight would confirm or deny: worth looking again soon. A board that is not
    /// in play says nothing of a period, so a turn of one that was seen just before the end stays open for ever.
    pub fn is_unsettled(&self) -> bool {
        self.quarantine.is_none()
            && (self.phase_candidate.is_some()
                || (self.period_candidate.is_some() && self.last.phase.in_play())
                || !self.state_candidates.is_empty()
                || self.incidents.iter().flatten().any(Incident::is_open)
                || self.contest.as_ref().is_some_and(Ended::is_open)
                || self.milestones.as_ref().is_some_and(Reached::is_open)
                || self.fall.is_some()
                || !self.rises.is_empty())
    }

    /// Reads a board. A period that goes back is not believed, nor is the clock beside it; a phase that is not said is the
    /// confirmed one.
    pub(super) fn sight(&self, game: &Game, at: Timestamp) -> Sight {
        let phase_known = game.phase != Phase::Unknown;
        Sight {
            at,
            phase: if phase_known { game.phase } else { self.phase },
            phase_known,
            period: game.period.max(self.period),
            clock: game.clock.filter(|_| game.period >= self.period),
            bases: game.bases.filter(|_| game.period >= self.period),
            score: game.score(),
            shootout: shootout(game),
            home_win_probability: self.figure.and_then(Figure::believed),
            sound: game.score().is_none_or(|board| self.score().is_none_or(|held| board.covers(held))),
        }
    }

    /// A final was confirmed, and the game goes on all the same: nothing is told until it is final again.
    pub(super) fn is_reopened(&self) -> bool {
        self.ended.is_some() && self.phase != Phase::Final
    }

    /// Whether the score of that earlier sight has been confirmed and stands.
    pub(super) fn has_settled(&self, sight: &Sight) -> bool {
        let confirmed = |board| self.course.as_ref().is_some_and(|course| course.score.covers(board));
        self.fall.is_none() && sight.score.is_none_or(confirmed)
    }
}

const MOST_TOLD: usize = 32;

/// More moments of one kind than a game has.
pub(super) const UNKNOWN_MOMENTS: u32 = 1000;

impl SportState {
    /// Forgets what the games looked like, as after an older ledger was restored: the next sight of each is a baseline.
    /// Their ids stay, and ordinals move on past all that may have been told since, so that no story's id comes again.
    pub fn forget_sights(&mut self) {
        for game in self.games.values_mut() {
            game.forgotten = true;
            for kind in MomentKind::ALL {
                *game.ordinals.entry(kind).or_default() += UNKNOWN_MOMENTS;
            }
        }
    }

    /// Keeps which stories were told with what score, so that a later correction can name them, and gives each its turn.
    pub(in crate::wire) fn keep_told(&mut self, stories: &mut [Story]) {
        for story in stories.iter_mut().filter(|story| story.verdict == Verdict::Told) {
            let Some(game) = self.games.get_mut(&story.game) else { continue };
            // One that was corrected has been told as well.
            let alike = |told: &&Telling| {
                told.story.is_of(story.kind) || told.told_as.is_some_and(|(kind, _)| kind == story.kind)
            };
            story.turn = u32::try_from(game.told.iter().filter(alike).count()).unwrap_or(0);
            if let Some(chances) = &mut game.chances {
                chances.told = chances.moment;
            }
            let earlier = game.told.iter().position(|told| told.story == story.id);
            let earlier = earlier.and_then(|at| game.told.remove(at));
            game.told.push_back(Telling {
                story: story.id.clone(),
                revision: story.revision,
                is_final: story.kind == MomentKind::Final || earlier.is_some_and(|told| told.is_final),
                told_as: Some((story.kind, story.confirmed_at)),
                score: story.facts.score,
            });
            if game.told.len() > MOST_TOLD {
                game.told.pop_front();
            }
        }
    }
}
