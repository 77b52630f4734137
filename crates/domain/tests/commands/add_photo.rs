//! C-INS-07: photos of a visit, by the hash of their bytes.

use crate::town::{Town, denied, id, taken, who};
use domain::inspections::{AddPhoto, PHOTO_BYTES_MAX, Photo};
use policy::Code;

fn photo() -> AddPhoto {
    AddPhoto {
        appointment: id("v1"),
        hash: "a1".repeat(32),
        media_type: "image/jpeg".to_owned(),
        bytes: 150_000,
        caption: "North wall".to_owned(),
    }
}

fn check(change: impl FnOnce(&mut AddPhoto), expected: Option<&str>) {
    let mut command = photo();
    change(&mut command);
    match (Town::new().decide(&who("ana"), command.clone()), expected) {
        (Ok(_), None) => {}
        (answer, Some(field)) => {
            let denial = denied(answer);
            assert_eq!(denial.code, Code::InvalidInput, "{command:?}");
            assert!(denial.sentence.starts_with(field), "{denial}");
        }
        (Err(refusal), None) => panic!("{command:?}: {refusal:?}"),
    }
}

#[test]
fn c_ins_07_the_assigned_inspector_adds_a_photo() {
    let mut town = Town::new();
    assert!(!town.take(&who("ana"), photo()).asks_office);
    let kept = Photo {
        hash: "a1".repeat(32),
        media_type: "image/jpeg".to_owned(),
        bytes: 150_000,
        caption: "North wall".to_owned(),
        by: "Ana".to_owned(),
        at: town.now,
        pending: true,
    };
    assert_eq!(town.get_visit("v1").photos, [kept]);
    town.take(&who("ana"), photo());
    assert_eq!(
        town.get_visit("v1").photos.len(),
        1,
        "the same photo twice is one photo"
    );
}

#[test]
fn c_ins_07_a_photo_is_pending_until_its_bytes_have_arrived() {
    let mut town = Town::new();
    town.take(&who("ana"), photo());
    let mut visit = town.get_visit("v1").clone();
    assert!(visit.photos[0].pending);
    assert!(!visit.photo_arrived(&"b2".repeat(32)), "nobody waits for another");
    assert!(visit.photo_arrived(&photo().hash) && !visit.photos[0].pending);
    assert!(!visit.photo_arrived(&photo().hash), "it has arrived already");
    // What was written before there was such a word has arrived.
    let kept = serde_json::to_value(&visit.photos[0]).expect("a photo");
    assert!(kept.get("pending").is_none(), "{kept}");
    assert!(!serde_json::from_value::<Photo>(kept).expect("a photo").pending);
}

#[test]
fn a_hash_is_64_lower_case_hexadecimal_digits() {
    let hashes = [
        "",
        "a1",
        &"A1".repeat(32),
        &"g1".repeat(32),
        &"a1".repeat(33),
        &"../".repeat(21),
        &"é".repeat(32),
    ];
    for hash in hashes {
        check(|photo| photo.hash = hash.to_owned(), Some("hash"));
    }
    check(|photo| photo.hash = "0f".repeat(32), None);
}

#[test]
fn a_photo_is_a_jpeg_a_png_or_a_webp() {
    for media_type in ["image/jpeg", "image/png", "image/webp"] {
        check(|photo| photo.media_type = media_type.to_owned(), None);
    }
    for media_type in [
        "",
        "image/svg+xml",
        "text/html",
        "image/JPEG",
        "image/jpeg; charset=x",
        "application/pdf",
    ] {
        check(
            |photo| photo.media_type = media_type.to_owned(),
            Some("media_type"),
        );
    }
}

#[test]
fn a_photo_has_some_bytes_and_not_too_many() {
    for bytes in [1, PHOTO_BYTES_MAX] {
        check(|photo| photo.bytes = bytes, None);
    }
    for bytes in [0, PHOTO_BYTES_MAX + 1, u32::MAX] {
        check(|photo| photo.bytes = bytes, Some("bytes"));
    }
}

#[test]
fn a_caption_has_its_limit() {
    check(|photo| photo.caption = "ñ".repeat(300), None);
    check(|photo| photo.caption = "ñ".repeat(301), Some("caption"));
}

#[test]
fn a_visit_keeps_a_hundred_photos() {
    let kept = |number: usize| Photo {
        hash: format!("{number:064x}"),
        media_type: "image/png".to_owned(),
        bytes: 1,
        caption: String::new(),
        by: String::new(),
        at: 0,
        pending: false,
    };
    for (count, expected) in [(99, true), (100, false)] {
        let town = Town::new().with(|visit| visit.photos = (0..count).map(kept).collect());
        assert_eq!(town.decide(&who("ana"), photo()).is_ok(), expected, "{count}");
    }
}

#[test]
fn only_staff_with_the_visit_add_photos() {
    let rows = [
        ("bruno", Code::NotFound),
        ("felix", Code::NotFound),
        ("rosa", Code::NotGranted),
    ];
    for (name, expected) in rows {
        assert_eq!(Town::new().code(&who(name), photo()), expected, "{name}");
    }
    taken(Town::new().decide(&who("marta"), photo()));
}
