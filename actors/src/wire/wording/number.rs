//! Numbers as a wire writes them: words up to nine, figures from ten on.

const CARDINALS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const ORDINALS: [&str; 10] =
    ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];

/// `one` to `nine`, then `10`; `no` for nothing.
pub fn cardinal(n: u32) -> String {
    CARDINALS.get(n as usize).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// `first` to `ninth`, then `10th`, `11th`, `22nd`.
pub fn ordinal(n: u32) -> String {
    match ORDINALS.get(n as usize) {
        Some(word) if n > 0 => (*word).to_owned(),
        _ => format!("{n}{}", ordinal_suffix(n)),
    }
}

/// The letters after the figures of an ordinal: `st`, `nd`, `rd`, `th`.
pub fn ordinal_suffix(n: u32) -> &'static str {
    match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

/// `one run`, `four runs`, `no runs`.
pub fn counted(n: u32, unit: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {unit}{plural}", cardinal(n))
}

/// `a one`, `an eight`, `an 11`, `a 12`: a number with its article.
pub fn with_article(n: u32) -> String {
    let number = cardinal(n);
    let vowel = n == 8 || n == 11 || n == 18 || number.starts_with('8');
    format!("{} {number}", if vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_up_to_nine_are_words_and_larger_ones_are_figures() {
        assert_eq!(cardinal(0), "no");
        assert_eq!(cardinal(9), "nine");
        assert_eq!(cardinal(10), "10");
    }

    #[test]
    fn ordinals_take_the_right_letters() {
        let all = [1, 2, 3, 9, 10, 11, 12, 13, 21, 22, 23, 90, 101, 111, 112].map(ordinal);
        assert_eq!(
            all,
            [
                "first", "second", "third", "ninth", "10th", "11th", "12th", "13th", "21st", "22nd", "23rd",
                "90th", "101st", "111th", "112th"
            ]
        );
    }

    #[test]
    fn the_article_goes_by_the_sound_of_the_number() {
        let all = [1, 3, 8, 10, 11, 12, 18, 80, 100].map(with_article);
        assert_eq!(all, ["a one", "a three", "an eight", "a 10", "an 11", "a 12", "an 18", "an 80", "a 100"]);
    }

    #[test]
    fn only_one_is_singular() {
        assert_eq!(counted(0, "run"), "no runs");
        assert_eq!(counted(1, "run"), "one run");
        assert_eq!(counted(12, "run"), "12 runs");
    }
}
