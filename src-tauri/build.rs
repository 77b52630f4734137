fn main() {
    // The SQLite inside this program must not be the one WebKit's libraries bind to.
    #[cfg(target_os = "linux")]
    println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    tauri_build::build();
}
