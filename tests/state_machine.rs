//! infra/migrate.asl.json, run with the answers of the real migrate: its paths lead to what they hold.

use std::{collections::BTreeSet, time::Duration};

use crate::harness::{Database, migrations::started};
use local::{
    lambda::{Function, InvocationError},
    paths,
};
use serde_json::{Map, Value, json};

/// The states that it has run through, and its output, or its error and cause.
struct Execution {
    states: Vec<String>,
    result: Result<Value, (String, String)>,
}

fn machine() -> Value {
    let file = paths::root().join("infra/migrate.asl.json");
    let text = std::fs::read_to_string(file).expect("the file");
    serde_json::from_str(&text).expect("JSON")
}

/// What a path such as `$.report.resume` leads to.
fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let pointer = path.strip_prefix('$').expect(path).replace('.', "/");
    value.pointer(&pointer)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

/// The value of a field `name.$`: a path, or States.StringToJson of one.
fn evaluated(input: &Value, expression: &str) -> Value {
    let inner = expression.strip_prefix("States.StringToJson(");
    let path = inner.map_or(expression, |inner| inner.trim_end_matches(')'));
    let value = at(input, path).unwrap_or_else(|| panic!("{expression} of {input}"));
    match inner {
        Some(_) => serde_json::from_str(value.as_str().expect("text")).expect("JSON in text"),
        None => value.clone(),
    }
}

fn parameters(template: &Value, input: &Value) -> Value {
    let fields = template.as_object().expect("fields").iter();
    let fields = fields.map(|(name, value)| match name.strip_suffix(".$") {
        Some(name) => (
            name.to_owned(),
            evaluated(input, value.as_str().expect("text")),
        ),
        None => (name.clone(), value.clone()),
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

/// The branch of a Choice.
fn chosen(state: &Value, input: &Value) -> String {
    let choices = state["Choices"].as_array().expect("choices");
    let matching = choices.iter().find(|choice| {
        let is_present = at(input, text(choice, "Variable")).is_some();
        choice["IsPresent"] == is_present
    });
    matching
        .map_or_else(|| text(state, "Default"), |choice| text(choice, "Next"))
        .to_owned()
}

/// Sends the payload of a Task to migrate. An error is what Step Functions makes of one of Lambda.
async fn invoked(
    state: &Value,
    input: &Value,
    migrate: &Function,
) -> Result<Value, (String, String)> {
    let event = parameters(&state["Parameters"], input)["Payload"].clone();
    match migrate.invoke(event).await {
        Ok(payload) => Ok(json!({ "Payload": payload, "StatusCode": 200 })),
        Err(InvocationError::Function(error)) => {
            Err((text(&error, "errorType").to_owned(), error.to_string()))
        }
        Err(other) => panic!("{other}"),
    }
}

/// Runs the machine. migrate has this time for its first invocation, and enough for the others.
async fn execute(mut input: Value, migrate: &mut Function, first: Duration) -> Execution {
    let machine = machine();
    let mut name = text(&machine, "StartAt").to_owned();
    let mut states = Vec::new();
    migrate.deadline = first;
    let result = loop {
        let state = &machine["States"][&name];
        states.push(name.clone());
        let mut next = state["Next"].as_str().map(str::to_owned);
        if let Some(path) = state["InputPath"].as_str() {
            input = evaluated(&input, path);
        }
        match text(state, "Type") {
            "Task" => match invoked(state, &input, migrate).await {
                Ok(output) => input = output,
                Err((error, cause)) => {
                    let catchers = state["Catch"].as_array().expect("catchers");
                    let catches = |catcher: &&Value| {
                        let errors = catcher["ErrorEquals"].as_array().expect("errors");
                        errors.contains(&json!(error))
                    };
                    let Some(catcher) = catchers.iter().find(catches) else {
                        break Err((error, cause));
                    };
                    name = text(catcher, "Next").to_owned();
                    input = json!({ "Error": error, "Cause": cause });
                    migrate.deadline = Duration::from_secs(60);
                    continue;
                }
            },
            "Pass" if state["Parameters"].is_object() => {
                input = parameters(&state["Parameters"], &input);
            }
            "Pass" => {}
            "Choice" => next = Some(chosen(state, &input)),
            "Fail" => {
                let cause = evaluated(&input, text(state, "CausePath"));
                let cause = cause.as_str().expect("a text").to_owned();
                break Err((text(state, "Error").to_owned(), cause));
            }
            other => panic!("{other}"),
        }
        if let Some(path) = state["OutputPath"].as_str() {
            input = evaluated(&input, path);
        }
        match next {
            Some(next) => name = next,
            None => break Ok(input),
        }
    };
    Execution { states, result }
}

#[tokio::test]
async fn it_follows_resume_until_the_command_has_ended() {
    let database = Database::schema().await;
    let mut migrate = started(&database).await;
    let upgrade = json!({"command": "upgrade", "target": "head"});
    // migrate keeps a second of it for its report.
    let execution = execute(upgrade, &mut migrate, Duration::from_millis(1020)).await;
    let states = [
        "Migrate",
        "Error",
        "Report",
        "IsResumable",
        "Resume",
        "Migrate",
    ];
    assert_eq!(execution.states, states);
    let output = execution.result.expect("an output");
    assert_eq!(
        (&output["ok"], &output["status"]),
        (&json!(true), &json!("applied"))
    );
}

#[tokio::test]
async fn it_fails_with_the_reason_where_no_resume_helps() {
    let database = Database::sample().await;
    let mut migrate = started(&database).await;
    let minute = Duration::from_secs(60);
    let incomplete = "INSERT INTO migrate.history (version, name, checksum, state)
        VALUES ('20990101000000', 'half', '', 'reverting')";
    database.execute(incomplete).await;
    let upgrade = json!({"command": "upgrade"});
    let execution = execute(upgrade.clone(), &mut migrate, minute).await;
    let (error, cause) = execution.result.expect_err("a failure");
    assert_eq!(error, "Incomplete");
    assert!(cause.contains("`repair 20990101000000`"), "{cause}");
    assert_eq!(
        execution.states.last().map(String::as_str),
        Some("NeedsAPerson")
    );

    // Any other failure ends it at once, with the report in its cause.
    let other = "UPDATE migrate.history SET state = 'applied' WHERE state = 'reverting'";
    database.execute(other).await;
    let execution = execute(upgrade, &mut migrate, minute).await;
    let (error, cause) = execution.result.expect_err("a failure");
    assert_eq!((error.as_str(), execution.states.len()), ("Divergent", 1));
    assert!(cause.contains("20990101000000_half"), "{cause}");
}

#[test]
fn each_state_leads_to_one_that_there_is_and_none_is_left_out() {
    let machine = machine();
    let states = machine["States"].as_object().expect("states");
    let mut reached = BTreeSet::from([text(&machine, "StartAt").to_owned()]);
    for state in states.values() {
        let lists = ["Choices", "Catch"].into_iter();
        let listed = lists.flat_map(|name| state[name].as_array().into_iter().flatten());
        let next = listed
            .map(|each| &each["Next"])
            .chain([&state["Next"], &state["Default"]]);
        reached.extend(next.filter_map(|name| name.as_str().map(str::to_owned)));
    }
    assert_eq!(reached, states.keys().cloned().collect::<BTreeSet<_>>());
    let retried = &machine["States"]["Migrate"]["Retry"][0]["ErrorEquals"];
    assert!(
        retried
            .as_array()
            .is_some_and(|errors| errors.contains(&json!("Locked")))
    );
}
