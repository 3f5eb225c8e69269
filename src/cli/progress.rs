//! How far a long run is: bytes, rate and time left, on standard error.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that is seen only where standard error is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// For so many bytes of input, where that is known.
    pub(super) fn new(total: Option<u64>, quiet: bool) -> Progress {
        let bar = match total {
            Some(total) => ProgressBar::new(total),
            None => ProgressBar::no_length(),
        };
        bar.set_draw_target(if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(5)
        });
        let template = match total {
            Some(_) => "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
            None => "{spinner} {bytes}, {bytes_per_sec}",
        };
        bar.set_style(ProgressStyle::with_template(template).expect("the template is fixed"));
        bar.enable_steady_tick(Duration::from_millis(500));
        Progress { bar }
    }

    /// So many bytes more are done.
    pub(super) fn add(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
