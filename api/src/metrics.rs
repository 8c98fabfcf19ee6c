//! What this process counts and times, in the text format of Prometheus. Labels are words of ours (a route's template,
//! a channel, an outcome), never anybody's data, so their number is bounded.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper ends in seconds; what is slower counts in the last one, which has none.
const BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// A name, and labels as they are written.
type Series = (&'static str, String);
pub type Labels<'a> = &'a [(&'static str, &'a str)];

#[derive(Default)]
pub struct Metrics {
    counters: Mutex<BTreeMap<Series, u64>>,
    times: Mutex<BTreeMap<Series, Times>>,
}

#[derive(Default, Clone)]
struct Times {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    pub fn count(&self, name: &'static str, labels: Labels<'_>) {
        *lock(&self.counters).entry((name, written(labels))).or_default() += 1;
    }

    pub fn time(&self, name: &'static str, labels: Labels<'_>, took: Duration) {
        let mut times = lock(&self.times);
        let times = times.entry((name, written(labels))).or_default();
        let seconds = took.as_secs_f64();
        times.count += 1;
        times.seconds += seconds;
        for (bucket, end) in times.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= end);
        }
    }

    /// All of it, behind what is measured this moment.
    pub fn text(&self, gauges: &[(&'static str, String, f64)]) -> String {
        let mut text = String::new();
        let mut last = "";
        let mut head = |text: &mut String, name: &'static str, kind: &str| {
            if last != name {
                let _ = writeln!(text, "# TYPE {name} {kind}");
                last = name;
            }
        };
        for (name, labels, value) in gauges {
            head(&mut text, name, "gauge");
            let _ = writeln!(text, "{name}{} {value}", braced(labels));
        }
        for ((name, labels), value) in lock(&self.counters).iter() {
            head(&mut text, name, "counter");
            let _ = writeln!(text, "{name}{} {value}", braced(labels));
        }
        for ((name, labels), times) in lock(&self.times).iter() {
            head(&mut text, name, "histogram");
            let comma = if labels.is_empty() { "" } else { "," };
            for (end, count) in BUCKETS.iter().zip(times.buckets) {
                let _ = writeln!(text, "{name}_bucket{{{labels}{comma}le=\"{end}\"}} {count}");
            }
            let _ = writeln!(text, "{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {}", times.count);
            let _ = writeln!(text, "{name}_sum{} {}", braced(labels), times.seconds);
            let _ = writeln!(text, "{name}_count{} {}", braced(labels), times.count);
        }
        text
    }
}

/// Labels as the format wants them, without the braces.
pub fn written(labels: Labels<'_>) -> String {
    let labels = labels.iter().map(|(name, value)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{name}=\"{value}\"")
    });
    labels.collect::<Vec<_>>().join(",")
}

fn braced(labels: &str) -> String {
    if labels.is_empty() { String::new() } else { format!("{{{labels}}}") }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.count("calls_total", &[("route", "/a/{id}"), ("status", "200")]);
        metrics.count("calls_total", &[("route", "/a/{id}"), ("status", "200")]);
        metrics.count("calls_total", &[("route", "a\"b\\c\nd")]);
        metrics.time("call_seconds", &[("route", "/")], Duration::from_millis(30));
        metrics.time("call_seconds", &[("route", "/")], Duration::from_secs(60));
        let text = metrics.text(&[("up", String::new(), 1.0)]);
        for line in [
            "# TYPE up gauge\nup 1\n",
            "# TYPE calls_total counter\ncalls_total{route=\"/a/{id}\",status=\"200\"} 2\n",
            "calls_total{route=\"a\\\"b\\\\c\\nd\"} 1\n",
            "# TYPE call_seconds histogram\n",
            "call_seconds_bucket{route=\"/\",le=\"0.025\"} 0\n",
            "call_seconds_bucket{route=\"/\",le=\"0.05\"} 1\n",
            "call_seconds_bucket{route=\"/\",le=\"30\"} 1\n",
            "call_seconds_bucket{route=\"/\",le=\"+Inf\"} 2\n",
            "call_seconds_sum{route=\"/\"} 60.03\n",
            "call_seconds_count{route=\"/\"} 2\n",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert_eq!(text.matches("# TYPE").count(), 3, "{text}");
    }
}
