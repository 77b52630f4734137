//! Edits merge per field: a command carries the value its author saw.

/// What becomes of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// The field is still as the author saw it: the new value stands.
    Set,
    /// The field has the new value already.
    Same,
    /// Somebody else changed it to something else: a person decides.
    Contested,
}

/// Compares a field's current value with what the author saw and wants.
pub fn field<T: PartialEq>(current: &T, saw: &T, wanted: &T) -> Merge {
    if current == wanted {
        Merge::Same
    } else if current == saw {
        Merge::Set
    } else {
        Merge::Contested
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_set_kept_or_contested() {
        let rows = [
            ("old", "old", "new", Merge::Set),
            ("new", "old", "new", Merge::Same),
            ("theirs", "old", "new", Merge::Contested),
            ("old", "old", "old", Merge::Same),
        ];
        for (current, saw, wanted, expected) in rows {
            assert_eq!(
                field(&current, &saw, &wanted),
                expected,
                "{current} {saw} {wanted}"
            );
        }
    }
}
