//! What every log line must be.

use std::collections::BTreeSet;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A line of this function, if it is flat JSON with the keys that every line has.
pub fn parse(function: &str, text: &str) -> Value {
    let line: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("not JSON: {text}"));
    let keys = line.as_object().expect(text);
    for (key, value) in keys {
        let is_flat = value.is_string() || value.is_number() || value.is_boolean();
        assert!(is_flat || key == "_aws", "{key}: {text}");
    }
    let level = line["level"].as_str().expect(text);
    assert!(
        ["DEBUG", "INFO", "WARN", "ERROR"].contains(&level),
        "{text}"
    );
    assert!(line["message"].is_string(), "{text}");
    let timestamp = line["timestamp"].as_str().expect(text);
    assert!(timestamp.len() == 24 && timestamp.ends_with('Z'), "{text}");
    OffsetDateTime::parse(timestamp, &Rfc3339).expect(text);
    assert_eq!(line["service"], "interview-api", "{text}");
    assert_eq!(line["function_name"], function, "{text}");
    assert_eq!(line["function_version"], "$LATEST", "{text}");
    assert_eq!(line["function_memory_size"], 256, "{text}");
    if line["function_request_id"].is_string() {
        assert!(line["cold_start"].is_boolean(), "{text}");
        // Without `Root=`, as Powertools writes it.
        let id = "1-00000000-000000000000000000000000";
        assert_eq!(line["xray_trace_id"], id, "{text}");
    }
    line
}

/// The schema of the embedded metric format.
pub struct Format {
    schemas: Schemas,
    root: SchemaIndex,
}

impl Format {
    pub fn new() -> Self {
        let schema = serde_json::from_str(include_str!("emf.schema.json")).expect("JSON");
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let place = "emf.schema.json";
        compiler.add_resource(place, schema).expect("a schema");
        let root = compiler.compile(place, &mut schemas).expect("a schema");
        Self { schemas, root }
    }

    /// Checks the line of a request: CloudWatch finds each metric and each dimension in it.
    pub fn check(&self, line: &Value) {
        if let Err(error) = self.schemas.validate(line, self.root) {
            panic!("{error}: {line}");
        }
        let mut metrics = BTreeSet::new();
        for directive in items(&line["_aws"]["CloudWatchMetrics"]) {
            assert_eq!(directive["Namespace"], "interview-api", "{line}");
            for metric in items(&directive["Metrics"]) {
                let name = metric["Name"].as_str().expect("a name");
                assert!(line[name].is_number(), "{name}: {line}");
                metrics.insert(name.to_owned());
            }
            for dimension in items(&directive["Dimensions"]).iter().flat_map(items) {
                let value = &line[dimension.as_str().expect("a name")];
                assert!(
                    value.as_str().is_some_and(|value| !value.is_empty()),
                    "{line}"
                );
            }
        }
        assert_eq!(
            metrics,
            ["db_ms", "duration_ms", "faults"].map(Into::into).into()
        );
        let written = OffsetDateTime::parse(line["timestamp"].as_str().expect("a time"), &Rfc3339);
        let written = written.expect("a time").unix_timestamp_nanos() / 1_000_000;
        assert_eq!(
            line["_aws"]["Timestamp"].as_i64().map(i128::from),
            Some(written)
        );
        for key in ["method", "function_request_id"] {
            assert!(line[key].is_string(), "{key}: {line}");
        }
        assert_eq!(line["faults"] == 1, line["status"] == 500, "{line}");
        assert!(line["db_statements"].is_u64(), "{line}");
    }
}

fn items(array: &Value) -> &[Value] {
    array.as_array().map(Vec::as_slice).unwrap_or_default()
}
