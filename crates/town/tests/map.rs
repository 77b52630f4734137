//! What is read from the real map.

mod ground;

use ground::ground;
use serde_json::Value;

#[test]
fn addresses_are_real_sorted_and_unique() {
    let ground = ground();
    assert!(
        ground.addresses.len() > 10_000,
        "{} addresses",
        ground.addresses.len()
    );
    assert!(
        ground
            .addresses
            .iter()
            .all(|address| ground.bounds.contains(address.position()))
    );
    assert!(
        ground
            .addresses
            .windows(2)
            .all(|pair| (&pair[0].street, &pair[0].number) != (&pair[1].street, &pair[1].number))
    );
    assert!(ground.addresses.is_sorted_by_key(|address| &address.street));
    assert!(
        ground
            .addresses
            .iter()
            .any(|address| address.street == "Bulevar General Artigas")
    );
}

#[test]
fn the_basemap_is_small_attributed_and_drawn_from_areas_to_avenues() {
    let map = town::basemap(ground());
    assert!(
        map.to_string().len() < 3_000_000,
        "{} bytes",
        map.to_string().len()
    );
    assert_eq!(map["attribution"], "© OpenStreetMap contributors, ODbL");
    let features = map["features"].as_array().map(Vec::as_slice).unwrap_or_default();
    let classes: Vec<&str> = features
        .iter()
        .filter_map(|feature| feature["properties"]["class"].as_str())
        .collect();
    assert_eq!(classes.len(), features.len());
    let mut distinct = classes.clone();
    distinct.dedup();
    assert_eq!(
        distinct,
        [
            "park",
            "beach",
            "water",
            "path",
            "residential",
            "secondary",
            "primary"
        ]
    );
    let rambla = |feature: &Value| {
        feature["properties"]["name"]
            .as_str()
            .is_some_and(|name| name.starts_with("Rambla"))
    };
    assert!(features.iter().any(rambla));
}

#[test]
fn reading_twice_gives_the_same_map() -> anyhow::Result<()> {
    let again = town::load(&ground::folder())?;
    assert_eq!(
        town::basemap(&again).to_string(),
        town::basemap(ground()).to_string()
    );
    assert_eq!(again.addresses, ground().addresses);
    Ok(())
}
