//! A writer that says the score and nothing else.

use async_trait::async_trait;

use crate::ports::writer::{Assignment, Draft, Form, Writer, WriterError, Written};
use crate::wire::gate::Vocabulary;
use crate::wire::story::Story;

/// Writes `Boston Celtics 132, New York Knicks 109.` of any story: names and numbers as the facts have them.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainWriter;

impl PlainWriter {
    /// The draft of that length.
    pub fn draft(self, story: &Story, form: Form) -> Draft {
        let facts = &story.facts;
        let score_of =
            |home: &str, away: &str| format!("{home} {}, {away} {}", facts.score.home, facts.score.away);
        let brief = score_of(&facts.home.short_name, &facts.away.short_name);
        let text = match form {
            Form::Long => score_of(&facts.home.name, &facts.away.name) + ".",
            Form::Short => format!("{brief}."),
        };
        Draft { title: brief, text, author: "plain".to_owned(), vocabulary: Vocabulary::Open }
    }
}

#[async_trait]
impl Writer for PlainWriter {
    fn name(&self) -> &str {
        "plain"
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        let drafts = [Form::Long, Form::Short].map(|form| self.draft(&assignment.story, form)).to_vec();
        Ok(Written { drafts, ..Written::default() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::wire::facts::{Course, Facts};
    use crate::wire::game::{GameId, Phase, Score, Team};
    use crate::wire::moment::MomentKind;
    use crate::wire::significance::Significance;
    use crate::wire::sport::{Discipline, SportKey};
    use crate::wire::story::{StoryId, Verdict};

    fn team(place: &str, short_name: &str, code: &str) -> Team {
        Team {
            id: code.to_owned(),
            name: format!("{place} {short_name}"),
            short_name: short_name.to_owned(),
            place: place.to_owned(),
            code: code.to_owned(),
        }
    }

    fn story() -> Story {
        let facts = Facts {
            sport: SportKey::new("nba"),
            league: "NBA".to_owned(),
            discipline: Discipline::Basketball,
            kind: MomentKind::Final,
            home: team("Boston", "Celtics", "BOS"),
            away: team("New York", "Knicks", "NYK"),
            home_rank: None,
            away_rank: None,
            neutral: false,
            phase: Phase::Final,
            score: Score { home: 132, away: 109 },
            before: None,
            shootout: None,
            period: 4,
            regulation_periods: 4,
            clock: None,
            scorer: None,
            play: None,
            lead_changes: 0,
            largest_deficit: Score::default(),
            retracted: None,
            milestone: None,
            contest: None,
            news: None,
            seen_from_start: true,
            note: None,
            course: Course::default(),
        };
        let at = Timestamp::UNIX_EPOCH;
        Story {
            id: StoryId("nba-20241022-nyk-bos/final/4/1".to_owned()),
            revision: 1,
            sport: SportKey::new("nba"),
            game: GameId("nba-20241022-nyk-bos".to_owned()),
            kind: MomentKind::Final,
            after: at,
            seen_at: at,
            confirmed_at: at,
            stale_at: at,
            facts,
            significance: Significance::default(),
            verdict: Verdict::Told,
            turn: 0,
        }
    }

    #[test]
    fn the_score_is_said_with_the_names_of_the_asked_for_length() {
        let long = PlainWriter.draft(&story(), Form::Long);
        assert_eq!(long.text, "Boston Celtics 132, New York Knicks 109.");
        let short = PlainWriter.draft(&story(), Form::Short);
        assert_eq!(
            (short.text.as_str(), short.title.as_str()),
            ("Celtics 132, Knicks 109.", "Celtics 132, Knicks 109")
        );
    }
}
