//! tmp
use clap::Parser;
use onrecord::{cli::dedupe, rules::PackFiles, write::Provenance};
#[derive(Parser)]
struct A {
    #[command(flatten)]
    a: dedupe::Args,
    #[arg(long)]
    rules: Option<std::path::PathBuf>,
}
fn main() {
    let a = A::parse();
    let mut f = PackFiles::embedded();
    if let Some(r) = &a.rules {
        f.add_folder(r).unwrap();
    }
    let t = std::time::Instant::now();
    match dedupe::run(&a.a, &f, &Provenance::default()) {
        Ok(s) => eprintln!("{s:?} {:?}", t.elapsed()),
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(2)
        }
    }
}
