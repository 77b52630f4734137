//! `bailiwick-server`: the office.

fn main() -> std::process::ExitCode {
    server::cli::main()
}
