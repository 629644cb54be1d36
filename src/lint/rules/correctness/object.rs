//! What an object is called in words and in output.

/// The object in ``table `public.orders` `` or ``column `id` of `public.orders` ``, as SQL: `public.orders`, `public.orders.id`.
pub(super) fn of_words(words: &str) -> String {
    let mut quoted = words.split('`').skip(1).step_by(2);
    match (quoted.next(), quoted.next()) {
        (Some(sub), Some(object)) => format!("{object}.{sub}"),
        (Some(object), None) => object.to_owned(),
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::of_words;

    #[test]
    fn the_object_is_found_in_the_words() {
        assert_eq!(of_words("table `public.orders`"), "public.orders");
        assert_eq!(of_words("column `id` of `public.orders`"), "public.orders.id");
    }
}
