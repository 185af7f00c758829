//! Lines and areas as SVG paths.

/// A line through these points, as an SVG path: a level stretch is one step.
pub(super) fn path(points: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let is_between = index > 0
            && points.get(index + 1).is_some_and(|next| same(next.1, *y) && same(points[index - 1].1, *y));
        if !is_between {
            text.push_str(&format!("{}{x:.1} {y:.1}", if index == 0 { "M" } else { "L" }));
        }
    }
    text
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.05
}

/// The area between a line and a level.
pub(super) fn closed(points: &[(f64, f64)], level: f64) -> String {
    match (points.first(), points.last()) {
        (Some(first), Some(last)) => {
            format!("{}L{:.1} {level:.1}L{:.1} {level:.1}Z", path(points), last.0, first.0)
        }
        _ => String::new(),
    }
}

/// A line that stays where it is until it changes.
pub(super) fn steps(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for (x, y) in points {
        if let Some(last) = steps.last().filter(|last| !same(last.1, y)) {
            steps.push((x, last.1));
        }
        steps.push((x, y));
    }
    steps
}
