//! The `sealpost` program of this build.

use std::path::{Path, PathBuf};
use std::process::Command;

use tokio::sync::OnceCell;

/// Brought up to date once: tests of one crate do not build another's programs.
pub async fn binary() -> &'static Path {
    static BUILT: OnceCell<PathBuf> = OnceCell::const_new();
    BUILT.get_or_init(async || build("sealpost", &[]).await).await
}

/// The same program, but it dies at the point that `CRASH_AT` names.
pub async fn crashing() -> &'static Path {
    static BUILT: OnceCell<PathBuf> = OnceCell::const_new();
    let with = ["--features", "sealpost-api/crash-points"];
    BUILT.get_or_init(async || build("sealpost-crashing", &with).await).await
}

async fn build(name: &'static str, more: &[&str]) -> PathBuf {
    let own = std::env::current_exe().expect("a path");
    let folder = own.ancestors().nth(2).expect("the folder of the profile").to_owned();
    let mut cargo = Command::new(env!("CARGO"));
    // From the workspace, not for its package alone: dependencies are then those that are built already.
    cargo.args(["build", "--quiet", "--offline", "--bin", name]).args(more);
    cargo
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace"))
        .arg("--target-dir")
        .arg(folder.parent().expect("a target"));
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    let built = tokio::task::spawn_blocking(move || cargo.status()).await.expect("joined");
    assert!(built.expect("cargo runs").success(), "the binary does not build");
    folder.join(name)
}
