//! Grants, as differences between lists of privileges.

use super::facts::Fact;

const OPTION: &str = " WITH GRANT OPTION";

/// The statements from some privileges to others.
pub(crate) fn grants(fact: &Fact, from: &[&str], to: &[&str]) -> Vec<String> {
    let text = |name| fact.text(name).unwrap_or_default();
    let (prefix, on, grantee) = (text("prefix"), text("on"), text("grantee"));
    let column = fact.text("column").map(|column| format!(" ({column})"));
    let column = column.unwrap_or_default();
    let words = |list: &[&str]| {
        let words = list.iter().map(|item| item.trim_end_matches(OPTION));
        let words: Vec<_> = words.map(|word| format!("{word}{column}")).collect();
        words.join(", ")
    };
    let mut statements = Vec::new();
    let revoked = without(from, to);
    if !revoked.is_empty() {
        let all = match to.is_empty() && column.is_empty() {
            true => "ALL".to_owned(),
            false => words(&revoked),
        };
        statements.push(format!("{prefix}REVOKE {all} {on} FROM {grantee}"));
    }
    let (options, plain): (Vec<&str>, Vec<&str>) = without(to, from)
        .into_iter()
        .partition(|item| item.ends_with(OPTION));
    for (list, suffix) in [(plain, ""), (options, OPTION)] {
        if !list.is_empty() {
            let all = words(&list);
            statements.push(format!("{prefix}GRANT {all} {on} TO {grantee}{suffix}"));
        }
    }
    statements
}

fn without<'a>(list: &[&'a str], other: &[&str]) -> Vec<&'a str> {
    let left = list.iter().filter(|item| !other.contains(item));
    left.copied().collect()
}
