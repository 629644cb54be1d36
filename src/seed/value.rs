//! The values of a type by number: for one number always the same, for two numbers different ones wherever the type has them.

use super::Shape;

/// What a value is for.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// Its place among the columns: what stands later in a row is later in time too, so that things end after they begin.
    pub position: u32,
    /// A number that no other column of the database has.
    pub mark: u32,
}

/// A mark for a column, from its name.
pub fn mark(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |sum: u32, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Shape {
    /// The value of a number as the text that the type reads, or nothing where no value is known.
    pub fn text(&self, number: u64, place: Place<'_>) -> Option<String> {
        let bounded = |most: i64| number % u64::try_from(most).unwrap_or(1).max(1);
        Some(match self {
            Self::Bool => if number.is_multiple_of(2) { "t" } else { "f" }.to_owned(),
            Self::Integer(most) => (bounded(*most - 1) + 1).to_string(),
            Self::Numeric(before, behind) => numeric(number, *before, *behind),
            Self::Float => format!("{}.5", number + 1),
            Self::Text(most) => words(number, *most, place),
            Self::Byte => char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)).to_string(),
            Self::Bytes => format!("\\x{:08x}{:04x}", place.mark, number + 1),
            Self::Date => date(number, place.position),
            Self::Timestamp => timestamp(number, place.position),
            Self::Time => {
                let minutes = number * 7 + u64::from(place.position);
                format!("{:02}:{:02}:00", (8 + minutes / 60) % 24, minutes % 60)
            }
            Self::Interval => format!("{} days", number + 1),
            Self::Uuid => uuid(number, place.mark),
            Self::Json => format!("{{\"n\": {}}}", number + 1),
            Self::Address => format!("10.{}.{}.{}", number / 62_500 % 250, number / 250 % 250, number % 250 + 1),
            Self::Hardware(bytes) => hardware(number, *bytes),
            Self::Bits(length) => {
                let bits = format!("{:0width$b}", number + 1, width = length.min(&64));
                let tail: String = bits.chars().skip(bits.len().saturating_sub(*length)).collect();
                format!("{tail:0>length$}")
            }
            Self::Xml => format!("<a>{}</a>", number + 1),
            Self::Word => format!("word{}", number + 1),
            Self::Pairs => format!("\"n\"=>\"{}\"", number + 1),
            Self::Vector(length) => {
                let rest = ",0".repeat(length.saturating_sub(1));
                format!("[{}{rest}]", number + 1)
            }
            Self::SparseVector(length) => format!("{{1:{}}}/{length}", number + 1),
            Self::Pattern(pattern) => pattern.replace("{}", &(number + 1).to_string()),
            Self::Constant(text) => (*text).to_owned(),
            Self::Enum(labels) => {
                let count = u64::try_from(labels.len()).ok().filter(|it| *it > 0)?;
                labels.get(usize::try_from(number % count).ok()?)?.clone()
            }
            Self::Domain { shape, .. } => shape.text(number, place)?,
            Self::Row(shapes) => {
                let values: Vec<String> =
                    shapes.iter().map(|it| it.text(number, place).map_or_else(String::new, |it| quoted(&it))).collect();
                format!("({})", values.join(","))
            }
            Self::Array(shape) => format!("{{{}}}", quoted(&shape.text(number, place)?)),
            Self::Range(shape) => range(shape, number, place)?,
            Self::Multirange(shape) => format!("{{{}}}", range(shape, number, place)?),
            Self::Unknown => return None,
        })
    }

    /// How many different values there are where there are few.
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::Bool => Some(2),
            Self::Enum(labels) => u64::try_from(labels.len()).ok(),
            Self::Domain { shape, .. } => shape.count(),
            Self::Constant(_) | Self::Text(Some(0)) => Some(1),
            Self::Byte => Some(26),
            Self::Bits(length) if *length < 8 => Some((1 << length) - 1),
            Self::Text(Some(length)) if *length < 3 => Some(if *length == 1 { 36 } else { 1296 }),
            Self::Numeric(before, behind) if before + behind < 3 => Some(10_u64.pow(before + behind) - 1),
            _ => None,
        }
    }

    /// Whether two values of the type can be compared for equality.
    pub fn is_comparable(&self) -> bool {
        match self {
            // What is of the system catalogs is compared by number, and a literal is read as one.
            Self::Xml | Self::Unknown | Self::Pattern(_) | Self::Constant(_) => false,
            Self::Domain { shape, .. } | Self::Array(shape) => shape.is_comparable(),
            Self::Row(shapes) => shapes.iter().all(Self::is_comparable),
            _ => true,
        }
    }

    /// The shape beneath domains.
    pub fn base(&self) -> &Self {
        match self {
            Self::Domain { shape, .. } => shape.base(),
            other => other,
        }
    }
}

/// An element of an array or a row, quoted.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn numeric(number: u64, before: u32, behind: u32) -> String {
    let most = 10_u64.saturating_pow(before.min(9)).saturating_sub(1);
    match (before, behind) {
        (0, 0) => "0".to_owned(),
        (0, _) => format!("0.{:0>width$}", number % 9 + 1, width = behind.min(20) as usize),
        (_, 0) => (number % most.max(1) + 1).to_string(),
        _ => format!("{}.5", number % most.max(1) + 1),
    }
}

fn uuid(number: u64, mark: u32) -> String {
    format!("{mark:08x}-0000-4000-8000-{:012x}", number + 1)
}

fn hardware(number: u64, bytes: usize) -> String {
    let text = format!("{:0width$x}", number + 1, width = bytes * 2 - 2);
    let text = format!("02{}", &text[text.len() + 2 - bytes * 2..]);
    text.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect::<Vec<_>>().join(":")
}

/// Days that lie apart, so that what two rows last does not overlap.
fn date(number: u64, position: u32) -> String {
    let day = number * 40 + u64::from(position % 28);
    let (year, day) = (2024 + day / 336, day % 336);
    format!("{}-{:02}-{:02}", year.min(9000), day / 28 + 1, day % 28 + 1)
}

fn timestamp(number: u64, position: u32) -> String {
    format!("{} {:02}:00:00+00", date(number, 0), position % 24)
}

fn range(shape: &Shape, number: u64, place: Place<'_>) -> Option<String> {
    let at = |number| shape.text(number, place);
    let (lower, upper) = (at(number * 2)?, at(number * 2 + 1)?);
    Some(format!("[{},{})", quoted(&lower), quoted(&upper)))
}

/// A text that looks like what the column's name says, and like no other column's.
fn words(number: u64, most: Option<usize>, place: Place<'_>) -> String {
    let number = number + 1;
    let name = place.column.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let plain = |text: &str| text.replace(|it: char| !it.is_ascii_alphanumeric() && it != '_', "");
    let text = if has(&["email", "e_mail"]) {
        format!("{}.{}{number}@example.com", plain(place.table), plain(place.column))
    } else if has(&["url", "uri", "website", "href"]) {
        format!("https://example.com/{}/{number}", plain(place.table))
    } else if has(&["phone", "mobile"]) {
        format!("+1555{number:07}")
    } else if has(&["version", "semver"]) {
        format!("1.0.{number}")
    } else {
        format!("{}_{}_{number}", plain(place.table), plain(place.column))
    };
    match most {
        Some(most) if text.chars().count() > most => {
            let text = format!("{}_{number}", plain(place.column));
            if text.chars().count() > most { short(number, most) } else { text }
        }
        _ => text,
    }
}

/// A text of at most so many characters: letters and digits, the number in base 36.
fn short(number: u64, most: usize) -> String {
    let mut digits = Vec::new();
    let mut rest = number;
    while rest > 0 || digits.is_empty() {
        let digit = u32::try_from(rest % 36).unwrap_or(0);
        // Letters first: what begins with a letter is a name too.
        digits.push(char::from_digit((digit + 10) % 36, 36).unwrap_or('a'));
        rest /= 36;
    }
    digits.truncate(most);
    digits.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const PLACE: Place<'static> = Place { table: "t", column: "name", position: 1, mark: 7 };

    #[test]
    fn different_numbers_give_different_values() {
        let shapes = [
            Shape::Integer(32_767),
            Shape::Numeric(8, 2),
            Shape::Text(Some(3)),
            Shape::Text(None),
            Shape::Date,
            Shape::Timestamp,
            Shape::Uuid,
            Shape::Address,
            Shape::Hardware(6),
            Shape::Bits(10),
            Shape::Range(Box::new(Shape::Date)),
        ];
        for shape in shapes {
            let values: BTreeSet<_> = (0..200).map(|number| shape.text(number, PLACE).unwrap()).collect();
            assert_eq!(values.len(), 200, "{shape:?}");
        }
    }

    #[test]
    fn values_fit_their_type() {
        assert_eq!(Shape::Text(Some(2)).text(99, PLACE).unwrap().len(), 2);
        assert_eq!(Shape::Bits(3).text(20, PLACE).unwrap().len(), 3);
        assert_eq!(Shape::Hardware(8).text(0, PLACE).unwrap(), "02:00:00:00:00:00:00:01");
        assert_eq!(Shape::Array(Box::new(Shape::Text(None))).text(0, PLACE).unwrap(), "{\"t_name_1\"}");
        let row = Shape::Row(vec![Shape::Unknown, Shape::Text(None)]);
        assert_eq!(row.text(0, PLACE).unwrap(), "(,\"t_name_1\")");
        assert_eq!(Shape::Range(Box::new(Shape::Integer(9))).text(0, PLACE).unwrap(), "[\"1\",\"2\")");
    }

    #[test]
    fn what_stands_later_in_a_row_is_later() {
        let at = |position| Shape::Timestamp.text(5, Place { position, ..PLACE }).unwrap();
        assert!(at(3) < at(4));
    }
}
