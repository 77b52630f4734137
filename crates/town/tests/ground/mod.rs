//! The real map, read once for all tests of a file.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use town::Geography;

static GROUND: LazyLock<Geography> = LazyLock::new(|| match town::load(&folder()) {
    Ok(ground) => ground,
    Err(error) => panic!("the map data is missing: run `npm ci` in crates/town ({error:#})"),
});

/// The map of the demonstration town.
pub fn ground() -> &'static Geography {
    &GROUND
}

/// Where `npm ci` puts it.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/@mapbox/mvt-fixtures")
}
