use super::*;

fn file(path: &str, text: &str) -> Vec<File> {
    vec![File {
        path: path.to_owned(),
        text: text.to_owned(),
    }]
}

#[test]
fn machine_paths_are_found_and_addresses_are_not() {
    let path = format!("let f = \"/{}/ana/notes\";", "home");
    assert_eq!(machine_paths(&file("a.rs", &path)).len(), 1);
    let address = format!("https://town.example/{}/today and ./{}/x", "work", "work");
    assert_eq!(machine_paths(&file("a.rs", &address)), Vec::<String>::new());
}

#[test]
fn panics_are_found_outside_tests_only() {
    let text = "\
fn a() {
    b().unwrap();
    // c().unwrap()
}

#[cfg(test)]
mod tests {
    fn d() {
        e().unwrap();
    }
}

fn f() {
    g().expect(\"g\");
}
";
    let found = panics(&file("crates/device/src/cache.rs", text));
    assert_eq!(
        found,
        [
            "crates/device/src/cache.rs:2: .unwrap() outside tests",
            "crates/device/src/cache.rs:14: .expect( outside tests",
        ]
    );
    assert!(panics(&file("crates/device/src/tests.rs", text)).is_empty());
    let excused = text.replace(
        "fn a() {",
        "#[expect(clippy::unwrap_used, reason = \"never empty\")]\nfn a() {",
    );
    assert_eq!(panics(&file("crates/device/src/cache.rs", &excused)).len(), 1);
}

#[test]
fn a_vertical_may_not_import_another() {
    let found = |text: &str| verticals_apart(&file("crates/domain/src/inspections/reassign.rs", text)).len();
    assert_eq!(found("use crate::people::Profile;"), 1);
    assert_eq!(
        found("use crate::{\n    command::Command,\n    people::Profile,\n};"),
        1
    );
    assert_eq!(found("fn f() { crate::equipment::retire() }"), 1);
    assert_eq!(
        found(
            "use crate::inspections::Visit;\n// unlike crate::people\nuse crate::{command, record::people_of};"
        ),
        0
    );
    assert!(
        verticals_apart(&file(
            "crates/domain/src/reactions/a.rs",
            "use crate::people::Profile;"
        ))
        .is_empty()
    );
}

#[test]
fn test_names_must_name_requirements_that_exist() {
    let found = |text: &str| {
        test_names(&file("tests/tests/stories.rs", text))
            .expect("requirements are readable")
            .len()
    };
    assert_eq!(found("#[test]\nfn c_ins_08_requests() {}"), 0);
    assert_eq!(found("#[test]\nfn c_ins_99_requests() {}"), 1);
    assert_eq!(
        found("#[tokio::test]\nasync fn x_01_and_x_02_and_x_03_and_x_04_all() {}"),
        1
    );
    assert_eq!(found("#[test]\nfn flt_20_disk_full() {}"), 0);
    assert_eq!(found("mod c_mx_16 {"), 1);
}

#[test]
fn unfinished_work_is_found_as_a_word() {
    assert_eq!(unfinished(&file("a.rs", concat!("// TO", "DO: later"))).len(), 1);
    assert_eq!(
        unfinished(&file("a.rs", concat!("const MAS", "TODON: u8 = 1;"))).len(),
        0
    );
}
