//! Routines of one name, of which a call may mean more than one.

use crate::catalog::{Argument, ArgumentMode, Catalog, Id, Kind, Object};

/// The routines there will be that some call could mean as well as one that is there now: while both are there, that
/// call is ambiguous.
pub fn rivals<'a>(id: &'a Id, from: &'a Catalog, to: &'a Catalog) -> impl Iterator<Item = &'a Id> {
    let here = arguments(from, id);
    let others = to.parts(id, Kind::Function).chain(to.parts(id, Kind::Procedure)).map(|(other, _)| other);
    others.filter(move |other| {
        let both = here.zip(arguments(to, other));
        *other != id && both.is_some_and(|(here, there)| share_a_call(here, there))
    })
}

fn arguments<'a>(catalog: &'a Catalog, id: &Id) -> Option<&'a [Argument]> {
    match &catalog.get(id)?.object {
        Object::Function(function) => Some(&function.arguments),
        Object::Procedure(procedure) => Some(&procedure.arguments),
        _ => None,
    }
}

/// Whether there is a number of arguments that both take, of the same types.
///
/// Other types do not matter: expressions that the server has written down name the types of what they give.
fn share_a_call(one: &[Argument], other: &[Argument]) -> bool {
    let (one, other) = (Call::of(one), Call::of(other));
    let same = one.types.iter().zip(&other.types).take_while(|(one, other)| one == other).count();
    let fewest = one.fewest.max(other.fewest);
    fewest <= same && fewest <= one.most().min(other.most())
}

/// How a routine can be called.
struct Call<'a> {
    /// The types of the arguments, but for the variadic one.
    types: Vec<&'a str>,
    /// How many a call has to give.
    fewest: usize,
    is_variadic: bool,
}

impl<'a> Call<'a> {
    fn of(arguments: &'a [Argument]) -> Self {
        let inputs = || arguments.iter().filter(|it| it.is_input() && it.mode != ArgumentMode::Variadic);
        Self {
            types: inputs().map(|it| it.data_type.as_str()).collect(),
            fewest: inputs().filter(|it| it.default.is_none()).count(),
            is_variadic: arguments.iter().any(|it| it.mode == ArgumentMode::Variadic),
        }
    }

    fn most(&self) -> usize {
        if self.is_variadic { usize::MAX } else { self.types.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(types: &[(&str, bool)]) -> Vec<Argument> {
        let of = |(data_type, has_default): &(&str, bool)| Argument {
            mode: ArgumentMode::In,
            name: String::new(),
            data_type: (*data_type).to_owned(),
            default: has_default.then(|| "null".to_owned()),
        };
        types.iter().map(of).collect()
    }

    #[test]
    fn a_call_means_either_where_the_rest_has_defaults() {
        let one = arguments(&[("integer", false)]);
        assert!(share_a_call(&one, &arguments(&[("integer", false), ("text", true)])));
        assert!(!share_a_call(&one, &arguments(&[("integer", false), ("text", false)])));
        assert!(!share_a_call(&one, &arguments(&[("text", false), ("text", true)])));
        assert!(share_a_call(&arguments(&[("integer", true)]), &arguments(&[("text", true)])));
    }
}
