//! Makes sure the folder of the web app exists, so that the server builds without Node, and notes when
//! it was built.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script is told by its environment, and its clock is the build's"
)]

use std::{env, fs, path::Path, time::SystemTime};

fn main() -> std::io::Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    fs::create_dir_all(&dist)?;
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    // A build that sets SOURCE_DATE_EPOCH is reproducible; others tell the day they were made.
    let built = env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds: u64 = built.unwrap_or(now.as_secs());
    println!("cargo:rustc-env=REALMS_BUILT_AT={}", seconds - seconds % 86_400);
    Ok(())
}
