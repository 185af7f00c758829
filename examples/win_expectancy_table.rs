//! Derives the baseball model's table: `cargo run --example win_expectancy_table -- PROBS [--check]`.
//!
//! PROBS counts what became of every state of the games since 1957 that Retrosheet has play by play, a line a state:
//! `"H",9,2,3,-1,GAMES,WINS` (who bats, inning, outs, bases from 1 for empty, the lead of the side at bat, and how many such
//! games it played and won). It is `probs.txt` of <https://github.com/gregstoll/baseballstats>.
//!
//! What is shipped are figures of our own making: home's chance at each lead from -10 to 10, for each half, inning (the ninth
//! stands for all later ones), outs and bases, and where bases, or outs too, are not known. A chance is the share that
//! was won, shrunk by [`PRIOR_GAMES`] towards the logistic curve over the lead that fits its row, and then made never to fall
//! as the lead grows (pool adjacent violators). `--check` compares with the committed table and writes nothing.

use std::fmt::Write;

use anyhow::{Context, bail, ensure};

const TABLE: &str = "actors/src/wire/win_probability/win_expectancy.txt";
const HEADER: &str = "\
// Home's chance to win in ten-thousandths, at home leads of -10 to 10. A row for each half (top, bottom), inning (1 to 9
// and later), and state: outs times eight plus bases (1 for first, 2 for second, 4 for third), then the three outs with
// bases unknown, then nothing known. Made by `cargo run --example win_expectancy_table`; not edited by hand.
//
// The information used here was obtained free of charge from and is copyrighted by Retrosheet. Interested parties may
// contact Retrosheet at \"www.retrosheet.org\".
";
const PRIOR_GAMES: f64 = 100.0;
const LEADS: std::ops::RangeInclusive<i64> = -10..=10;
const STATES: usize = 28;

/// Games and home wins at each lead.
type Row = std::collections::BTreeMap<i64, (f64, f64)>;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (input, check) = match arguments.as_slice() {
        [input] => (input, false),
        [input, flag] if flag == "--check" => (input, true),
        _ => bail!("usage: win_expectancy_table PROBS [--check]"),
    };
    let text = std::fs::read_to_string(input).with_context(|| format!("read {input}"))?;
    let table = table(&text)?;
    if check {
        let committed = std::fs::read_to_string(TABLE).with_context(|| format!("read {TABLE}"))?;
        ensure!(committed == table, "{TABLE} is not what {input} gives; make it anew");
        println!("{TABLE} is what {input} gives");
    } else {
        std::fs::write(TABLE, &table).with_context(|| format!("write {TABLE}"))?;
        println!("{TABLE}: {} bytes", table.len());
    }
    Ok(())
}

fn table(text: &str) -> anyhow::Result<String> {
    let mut rows = vec![Row::new(); 2 * 9 * STATES];
    for (number, line) in text.lines().enumerate() {
        let count = Count::read(line).with_context(|| format!("line {}: `{line}`", number + 1))?;
        let first = ((if count.home_bats { 9 } else { 0 }) + count.inning.min(9) - 1) * STATES;
        for state in [count.outs * 8 + count.bases, 24 + count.outs, 27] {
            let (games, wins) = rows[first + state].entry(count.home_lead).or_default();
            *games += count.games;
            *wins += count.home_wins;
        }
    }
    let mut out = format!("{HEADER}[\n");
    for (index, row) in rows.iter().enumerate() {
        let last_at_bat = index / STATES == 17;
        let figures = smoothed(row, last_at_bat).map(|p| format!("{:.0}", p * 1e4));
        writeln!(out, "[{}],", figures.collect::<Vec<_>>().join(","))?;
    }
    out.push_str("]\n");
    Ok(out)
}

struct Count {
    home_bats: bool,
    inning: usize,
    outs: usize,
    /// A bit for each base.
    bases: usize,
    home_lead: i64,
    games: f64,
    home_wins: f64,
}

impl Count {
    fn read(line: &str) -> anyhow::Result<Self> {
        let fields: Vec<&str> = line.trim().split(',').collect();
        let [batting, inning, outs, bases, lead, games, wins] = fields[..] else { bail!("not seven fields") };
        let home_bats = batting == "\"H\"";
        let (inning, outs, bases): (usize, usize, usize) = (inning.parse()?, outs.parse()?, bases.parse()?);
        ensure!(inning > 0 && outs < 3 && (1..=8).contains(&bases), "no such state");
        let (lead, games, wins): (i64, f64, f64) = (lead.parse()?, games.parse()?, wins.parse()?);
        Ok(Self {
            home_bats,
            inning,
            outs,
            bases: bases - 1,
            home_lead: if home_bats { lead } else { -lead },
            games,
            home_wins: if home_bats { wins } else { games - wins },
        })
    }
}

/// A row of chances. A home side that leads in its last turn at bat has won.
fn smoothed(row: &Row, last_at_bat: bool) -> impl Iterator<Item = f64> {
    let (a, b) = logistic(row);
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for lead in LEADS {
        let (games, wins) = row.get(&lead).copied().unwrap_or_default();
        let fit = 1.0 / (1.0 + (-(a + b * lead as f64)).exp());
        let weight = games + PRIOR_GAMES;
        blocks.push(((wins + PRIOR_GAMES * fit) / weight, weight, 1));
        while let [.., (p, v, n), (q, w, m)] = blocks[..] {
            if p <= q {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            blocks.push(((p * v + q * w) / (v + w), v + w, n + m));
        }
    }
    let chances = blocks.into_iter().flat_map(|(p, _, n)| std::iter::repeat_n(p, n));
    LEADS.zip(chances).map(
        move |(lead, p)| {
            if last_at_bat && lead > 0 { 1.0 } else { p.clamp(0.0001, 0.9999) }
        },
    )
}

/// The logistic curve over the lead that fits best, by Newton's method.
fn logistic(row: &Row) -> (f64, f64) {
    let (mut a, mut b) = (0.0f64, 0.5f64);
    for _ in 0..50 {
        let mut gradient = (0.0, 0.0);
        let mut curvature = (1e-9, 0.0, 1e-9);
        for (lead, (games, wins)) in row {
            let x = *lead as f64;
            let p = 1.0 / (1.0 + (-(a + b * x)).exp());
            let (miss, weight) = (wins - games * p, games * p * (1.0 - p));
            gradient = (gradient.0 + miss, gradient.1 + miss * x);
            curvature = (curvature.0 + weight, curvature.1 + weight * x, curvature.2 + weight * x * x);
        }
        let det = curvature.0 * curvature.2 - curvature.1 * curvature.1;
        let step = (
            (curvature.2 * gradient.0 - curvature.1 * gradient.1) / det,
            (curvature.0 * gradient.1 - curvature.1 * gradient.0) / det,
        );
        (a, b) = (a + step.0.clamp(-1.0, 1.0), b + step.1.clamp(-1.0, 1.0));
    }
    (a, b)
}
