//! The report as the message of a failed invocation, which is logged and has limits.

use serde_json::Value;

use crate::report::Report;

/// Step Functions passes on at most 32,768 characters: an object that has this message as a string.
const LONGEST: usize = 32_000;
const LONGEST_TEXT: usize = 4_000;

/// What a report does without, and how it is taken out.
type Omission = (&'static str, fn(&mut Report));

/// What a long report does without, in this order.
const OMISSIONS: [Omission; 5] = [
    ("the statements of `migrations`", |report| {
        for migration in &mut report.migrations {
            migration.statements.clear();
        }
    }),
    ("the rest of `sql`", |report| {
        if let Some(Value::String(sql)) = report.details.get_mut("sql") {
            *sql = start(sql);
        }
    }),
    ("the result", |report| report.details.clear()),
    ("`migrations`, `pending` and notes", |report| {
        report.migrations.clear();
        report.pending.clear();
        report.notes.clear();
    }),
    ("the rest of the error", |report| {
        if let Some(error) = &mut report.error {
            error.message = start(&error.message);
            error.hint = None;
            error.blockers.truncate(10);
        }
    }),
];

impl Report {
    /// The report as JSON, without what may be personal data, since the runtime logs it, and short
    /// enough for Step Functions.
    pub fn into_error_message(mut self) -> String {
        self.leave_out_rows();
        let mut text = json(&self);
        for (what, omit) in OMISSIONS {
            // Its quotes count twice.
            if json(&text).len() <= LONGEST {
                break;
            }
            omit(&mut self);
            self.notes
                .push(format!("{what} would have made the error message too long"));
            text = json(&self);
        }
        text
    }

    /// A migration may raise what it reads from a row, and a query or DETAIL may quote one.
    fn leave_out_rows(&mut self) {
        if let Some(error) = &mut self.error {
            error.detail = None;
            for blocker in &mut error.blockers {
                blocker.query = None;
            }
        }
        self.notices_omitted += self.notices.len();
        self.notices.clear();
    }
}

fn start(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::Command,
        failure::Failure,
        report::{Done, Source, Timed},
    };
    use serde_json::json;

    fn long(migrations: usize, message: usize) -> Value {
        let mut report = Report::new(&Command::History {});
        report.resume = Some(json!({"command": "history"}));
        report.error = Some(Failure::new("\"".repeat(message)));
        let done = |number| Done {
            version: format!("{number:014}"),
            name: "x".to_owned(),
            direction: "up",
            source: Source::File,
            duration_ms: 1.0,
            statements: vec![
                Timed {
                    line: 1,
                    duration_ms: 1.0
                };
                10
            ],
        };
        report.migrations = (0..migrations).map(done).collect();
        report.pending = vec!["20240101000000".to_owned(); migrations];
        let text = report.into_error_message();
        let cause = json!({"errorType": "Incomplete", "errorMessage": text});
        assert!(cause.to_string().chars().count() <= 32_768);
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn a_short_report_is_whole() {
        let report = long(2, 10);
        assert_eq!(
            report["migrations"][1]["statements"]
                .as_array()
                .map(Vec::len),
            Some(10)
        );
        assert!(report["notes"].is_null(), "{report}");
    }

    #[test]
    fn a_long_report_keeps_what_a_pipeline_needs_and_says_what_it_lacks() {
        for (migrations, message) in [(100, 10), (1000, 10), (2, 100_000), (1000, 100_000)] {
            let report = long(migrations, message);
            assert_eq!(report["resume"]["command"], "history");
            assert!(
                report["error"]["message"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty())
            );
            let notes = report["notes"].to_string();
            assert!(notes.contains("too long"), "{notes}");
        }
        let mut drift = Report::new(&Command::Current {});
        drift.detail("sql", "DROP TABLE a;\n".repeat(10_000));
        let drift: Value = serde_json::from_str(&drift.into_error_message()).expect("JSON");
        assert_eq!(drift["sql"].as_str().map(str::len), Some(LONGEST_TEXT));
        let report = long(100, 10);
        assert_eq!(report["migrations"].as_array().map(Vec::len), Some(100));
    }
}
