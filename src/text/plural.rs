//! Numbers in sentences: plural forms and durations.

use std::time::Duration;

/// `1 migration`, `2 migrations`; only regular plurals are used in this project.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// A duration as a person says it: `12 ms`, `1.2 s`, `3 min 20 s`.
#[must_use]
pub fn human_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis < 1_000 {
        format!("{millis} ms")
    } else if millis < 60_000 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {} s", duration.as_secs() / 60, duration.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_durations_in_their_unit() {
        assert_eq!(human_duration(Duration::from_millis(12)), "12 ms");
        assert_eq!(human_duration(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(human_duration(Duration::from_secs(200)), "3 min 20 s");
    }
}
