//! What must be found in fixtures is found, and nothing else: `onrecord check fixtures/`.

use std::process::Command;

#[test]
fn fixtures_are_read_as_people_read_them() {
    let done = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", "fixtures"])
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "\n{report}{errors}");
}
