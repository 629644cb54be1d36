//! The word that a person probably meant.

/// How alike two words have to be, from 0 (nothing in common) to 1 (equal).
const ALIKE: f64 = 0.6;

/// The known word that is nearest to a mistyped one, if one is near.
///
/// Slips of the fingers are counted: letters that are missing, too many, wrong or swapped with their neighbour.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing is what costs: a difference in length, or in the letters that occur at all, is one that has to be mended.
    let (length, letters) = (word.chars().count(), letters(word));
    let may_be = |candidate: &&str| {
        let other = candidate.chars().count();
        let (mine, its) = (letters, self::letters(candidate));
        let missing = (mine & !its).count_ones().max((its & !mine).count_ones()) as usize;
        as_share(missing.max(length.abs_diff(other)), length.max(other)) < 1.0 - ALIKE
    };
    known
        .into_iter()
        .filter(may_be)
        .map(|candidate| (strsim::normalized_damerau_levenshtein(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// How alike two words are, from 0 (nothing in common) to 1 (equal).
pub fn likeness(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

/// The letters that occur, a bit for each; a few letters share one.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) % 64))
}

#[expect(clippy::cast_precision_loss, reason = "lengths of words")]
fn as_share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_slip_from_another_word() {
        let keys = ["url", "url_env", "lock_timeout", "lock_wait"];
        assert_eq!(did_you_mean("url_evn", keys), Some("url_env"));
        assert_eq!(did_you_mean("lock-timeout", keys), Some("lock_timeout"));
        assert_eq!(did_you_mean("password", keys), None);
    }
}
