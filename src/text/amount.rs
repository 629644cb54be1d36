//! Amounts as people read them: two digits and a unit.

/// `41 GB`, in powers of 1024 as PostgreSQL's own `pg_size_pretty` counts.
#[must_use]
pub fn human_bytes(bytes: u64) -> String {
    scaled(bytes, 1024, &["bytes", "kB", "MB", "GB", "TB"])
}

/// `312 M`: a number that need not be exact.
#[must_use]
pub fn human_number(number: u64) -> String {
    if number < 10_000 { number.to_string() } else { scaled(number, 1000, &["", "k", "M", "G"]) }
}

fn scaled(value: u64, base: u64, units: &[&str]) -> String {
    let mut unit = 1;
    let mut at = 0;
    while at + 1 < units.len() && value / unit >= base {
        unit *= base;
        at += 1;
    }
    // A digit behind the point says something only before a small number.
    let (whole, tenths) = (value / unit, value % unit * 10 / unit);
    let number = if at > 0 && whole < 10 && tenths > 0 { format!("{whole}.{tenths}") } else { whole.to_string() };
    format!("{number} {}", units[at]).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_amounts_in_their_unit() {
        assert_eq!(human_bytes(0), "0 bytes");
        assert_eq!(human_bytes(8192), "8 kB");
        assert_eq!(human_bytes(44_023_414_784), "41 GB");
        assert_eq!(human_bytes(1_700_000), "1.6 MB");
        assert_eq!(human_number(9_999), "9999");
        assert_eq!(human_number(100_000), "100 k");
        assert_eq!(human_number(312_400_000), "312 M");
        assert_eq!(human_bytes(u64::MAX), "16777215 TB");
    }
}
