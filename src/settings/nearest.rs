//! The name that was probably meant.

/// The candidate nearest to `name`, if any is near enough to be worth a question.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit || near_prefix(name, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

fn near_prefix(name: &str, candidate: &str) -> bool {
    name.len() >= 4 && (candidate.starts_with(name) || name.starts_with(candidate) && candidate.len() >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_key_and_a_stranger_finds_none() {
        let keys = ["threshold", "confirmations", "shortest_poll", "kinds"];
        assert_eq!(nearest("treshold", keys), Some("threshold"));
        assert_eq!(nearest("thershold", keys), Some("threshold"));
        assert_eq!(nearest("kind", keys), Some("kinds"));
        assert_eq!(nearest("shortest", keys), Some("shortest_poll"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("x", keys), None);
    }
}
