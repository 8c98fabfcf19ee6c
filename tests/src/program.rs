//! The `sealpost` program of this build.

use std::path::{Path, PathBuf};
use std::process::Command;

use tokio::sync::OnceCell;

/// Brought up to date once: tests of one crate do not build another's programs.
pub async fn binary() -> &'static Path {
    static BUILT: OnceCell<PathBuf> = OnceCell::const_new();
    let build = async || {
        let own = std::env::current_exe().expect("a path");
        let folder = own.ancestors().nth(2).expect("the folder of the profile").to_owned();
        let mut cargo = Command::new(env!("CARGO"));
        // From the workspace, not for its package alone: dependencies are then those that are built already.
        cargo.args(["build", "--quiet", "--offline", "--bin", "sealpost"]);
        cargo
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace"))
            .arg("--target-dir")
            .arg(folder.parent().expect("a target"));
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        let built = tokio::task::spawn_blocking(move || cargo.status()).await.expect("joined");
        assert!(built.expect("cargo runs").success(), "the binary does not build");
        folder.join("sealpost")
    };
    BUILT.get_or_init(build).await
}
