//! Random pairs of schemas: one is made of a seed, the other of the first by random edits.
//!
//! A seed always gives the same pair. What refers to something that is not there is mended before it is written, so that
//! every schema loads.

mod edit;
mod expression;
mod make;
mod model;
mod repair;
mod rng;
mod write;
mod write_table;

use rng::Rng;

/// The roles that are mentioned.
pub(crate) const ROLES: &str = "create role random_reader; create role random_writer; create role \"Random Owner\"";

/// The two schemas of a seed, as SQL.
pub(crate) fn pair(seed: u64) -> (String, String) {
    let mut rng = Rng::new(seed);
    let mut world = make::world(&mut rng);
    repair::repair(&mut world);
    let before = world.clone();
    let edits = 1 + rng.below(if seed.is_multiple_of(3) { 25 } else { 5 });
    for _ in 0..edits {
        edit::edit(&mut world, &mut rng);
        repair::repair(&mut world);
    }
    repair::keep_lineage(&before, &mut world);
    (write::sql(&before), write::sql(&world))
}
