//! What the system catalogs hold, row by row and in the server's own words: a second look that knows nothing of the model.

use std::collections::{BTreeMap, BTreeSet};

use super::Id;

/// What parts the values of a row.
const BETWEEN: char = '\u{1f}';
/// What stands for a value that is null.
const NULL: &str = "\u{1e}";
/// Longer values are kept as what they begin with and a mark of the rest.
const LONGEST: usize = 120;

/// The rows of a database's catalogs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// The server's major version.
    pub version: u32,
    /// The columns of each catalog that were read.
    columns: BTreeMap<String, Vec<String>>,
    /// The rows by catalog and by what they are of.
    rows: BTreeMap<(String, String), Vec<Box<str>>>,
}

/// A row that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unlike {
    /// The catalog.
    pub catalog: String,
    /// What the row is of.
    pub object: String,
    /// How it is unlike.
    pub how: How,
}

/// How a row is unlike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is not there.
    Missing,
    /// It is there and should not be.
    Extra,
    /// These columns hold something else: column, what it holds, what it should hold.
    Columns(Vec<(String, String, String)>),
}

/// What two databases' catalogs do not share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unlikeness {
    /// The rows.
    pub rows: Vec<Unlike>,
    /// The relations whose columns are the same in another order.
    pub orders: BTreeSet<String>,
}

impl std::fmt::Display for Unlike {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { catalog, object, how } = self;
        match how {
            How::Missing => write!(formatter, "{catalog} {object}: is missing"),
            How::Extra => write!(formatter, "{catalog} {object}: is still there"),
            How::Columns(columns) => {
                let columns = columns.iter().map(|(name, left, want)| {
                    let shown = |text: &str| if text.len() > 60 { "…".to_owned() } else { format!("`{text}`") };
                    match (shown(left), shown(want)) {
                        (left, want) if left == want => name.clone(),
                        (left, want) => format!("{name} is {left} in place of {want}"),
                    }
                });
                write!(formatter, "{catalog} {object}: {}", columns.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl Census {
    /// One of a server of this major version, with nothing in it yet.
    pub fn new(version: u32) -> Self {
        Self { version, ..Self::default() }
    }

    /// Says which columns of a catalog are read.
    pub fn catalog(&mut self, name: String, columns: Vec<String>) {
        self.columns.insert(name, columns);
    }

    /// Adds a row: its catalog, what it is of, and its values in the order of the columns.
    pub fn row(&mut self, catalog: String, object: String, values: &str) {
        let values: String = if values.split(BETWEEN).any(|value| value.len() > LONGEST) {
            let values: Vec<_> = values.split(BETWEEN).map(shorten).collect();
            values.join(&BETWEEN.to_string())
        } else {
            values.to_owned()
        };
        self.rows.entry((catalog, object)).or_default().push(values.into());
    }

    /// Leaves out the rows of an index: they are read as those of its table.
    pub fn forget_index(&mut self, index: &Id) {
        for catalog in ["pg_class", "pg_index"] {
            self.rows.remove(&(catalog.to_owned(), index.qualified()));
        }
    }

    /// Says that all rows are in.
    pub fn settle(&mut self) {
        for rows in self.rows.values_mut() {
            rows.sort_unstable();
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.values().map(Vec::len).sum()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What is here and is not as it should be, of the catalogs and columns that both sides could read.
    pub fn compare(&self, want: &Self, owners: bool) -> Unlikeness {
        let mut unlike = Unlikeness::default();
        let keys: BTreeSet<_> = self.rows.keys().chain(want.rows.keys()).collect();
        for key in keys {
            let (catalog, object) = key;
            let (Some(here), Some(there)) = (self.columns.get(catalog), want.columns.get(catalog)) else { continue };
            let none = Vec::new();
            let (left, wanted) = (self.rows.get(key).unwrap_or(&none), want.rows.get(key).unwrap_or(&none));
            if left == wanted && here == there {
                continue;
            }
            let mut add = |how| unlike.rows.push(Unlike { catalog: catalog.clone(), object: object.clone(), how });
            if left.len() < wanted.len() {
                add(How::Missing);
            } else if left.len() > wanted.len() {
                add(How::Extra);
            }
            for (left, wanted) in left.iter().zip(wanted) {
                let mut columns = differing((here, left), (there, wanted), owners);
                let before = columns.len();
                columns.retain(|(name, ..)| name != "attnum");
                if columns.len() < before {
                    let relation = object.rsplit_once('.').map_or(object.as_str(), |(relation, _)| relation);
                    unlike.orders.insert(relation.to_owned());
                }
                if !columns.is_empty() {
                    unlike.rows.push(Unlike {
                        catalog: catalog.clone(),
                        object: object.clone(),
                        how: How::Columns(columns),
                    });
                }
            }
        }
        // Where columns are missing or too many, the places of the others say nothing.
        let uneven: BTreeSet<&str> = unlike
            .rows
            .iter()
            .filter(|row| row.catalog == "pg_attribute" && !matches!(row.how, How::Columns(_)))
            .filter_map(|row| Some(row.object.rsplit_once('.')?.0))
            .collect();
        unlike.orders.retain(|relation| !uneven.contains(relation.as_str()));
        unlike
    }
}

impl Unlikeness {
    /// Leaves out what another comparison has found too.
    pub fn forgive(&mut self, known: &Self) {
        let known: BTreeSet<_> = known.rows.iter().map(|row| (&row.catalog, &row.object)).collect();
        self.rows.retain(|row| !known.contains(&(&row.catalog, &row.object)));
    }
}

/// The columns of two rows that do not hold the same.
fn differing(
    (here, left): (&[String], &str),
    (there, wanted): (&[String], &str),
    owners: bool,
) -> Vec<(String, String, String)> {
    let wanted: BTreeMap<&String, &str> = there.iter().zip(wanted.split(BETWEEN)).collect();
    let shown = |value: &str| if value == NULL { "null".to_owned() } else { value.to_owned() };
    here.iter()
        .zip(left.split(BETWEEN))
        .filter(|(name, _)| owners || !name.ends_with("owner"))
        .filter_map(|(name, left)| {
            let wanted = wanted.get(name)?;
            (left != *wanted).then(|| (name.clone(), shown(left), shown(wanted)))
        })
        .collect()
}

fn shorten(value: &str) -> String {
    if value.len() <= LONGEST {
        return value.to_owned();
    }
    // Two lines of arithmetic (FNV) in place of a library: nobody attacks his own proof.
    let mark =
        |basis: u64| value.bytes().fold(basis, |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let begin: String = value.chars().take(40).collect();
    format!("{begin}… {} {:016x}{:016x}", value.len(), mark(0xcbf2_9ce4_8422_2325), mark(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(rows: &[(&str, &str, &str)]) -> Census {
        let mut census = Census::default();
        census.catalog("pg_class".to_owned(), vec!["relowner".to_owned(), "relkind".to_owned()]);
        census.catalog("pg_attribute".to_owned(), vec!["attname".to_owned(), "attnum".to_owned()]);
        for (catalog, object, values) in rows {
            census.row((*catalog).to_owned(), (*object).to_owned(), &values.replace('|', "\u{1f}"));
        }
        census.settle();
        census
    }

    #[test]
    fn a_row_that_differs_is_named_with_its_column() {
        let (a, b) = (census(&[("pg_class", "public.t", "me|r")]), census(&[("pg_class", "public.t", "you|p")]));
        let found = a.compare(&b, false).rows;
        assert_eq!(
            found.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["pg_class public.t: relkind is `r` in place of `p`"]
        );
        assert!(a.compare(&b, true).rows[0].to_string().contains("relowner is `me` in place of `you`"));
        assert_eq!(a.compare(&Census { rows: BTreeMap::new(), ..b }, false).rows[0].how, How::Extra);
    }

    #[test]
    fn long_values_differ_where_their_ends_do() {
        let body = "x".repeat(5_000);
        let (a, b) = (format!("me|{body}a"), format!("me|{body}b"));
        let (a, b) = (census(&[("pg_class", "f", &a)]), census(&[("pg_class", "f", &b)]));
        assert_eq!(a.compare(&b, false).rows.len(), 1);
        assert!(a.compare(&a, false).rows.is_empty());
    }

    #[test]
    fn another_order_of_columns_is_no_difference_of_rows() {
        let a = census(&[("pg_attribute", "public.t.a", "a|1"), ("pg_attribute", "public.t.b", "b|2")]);
        let b = census(&[("pg_attribute", "public.t.a", "a|2"), ("pg_attribute", "public.t.b", "b|1")]);
        let found = a.compare(&b, false);
        assert_eq!((found.rows.len(), found.orders.into_iter().collect::<Vec<_>>()), (0, vec!["public.t".to_owned()]));
    }
}
