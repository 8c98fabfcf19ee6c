//! `sealpost-crashing`: the same program, but it dies at the point that `CRASH_AT` names. For tests.

#[path = "main.rs"]
mod program;

fn main() -> std::process::ExitCode {
    program::main()
}
