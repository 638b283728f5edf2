//! Grants, as differences between lists of privileges.

use super::facts::Fact;

/// The statements from some privileges to others.
pub(crate) fn grants(fact: &Fact, from: &[&str], to: &[&str]) -> Vec<String> {
    let prefix = fact.text("prefix").unwrap_or_default();
    let on = fact.text("on").unwrap_or_default();
    let grantee = fact.text("grantee").unwrap_or_default();
    let column = fact.text("column").map(|column| format!(" ({column})"));
    let column = column.unwrap_or_default();
    let only = |a: &[&str], b: &[&str]| -> Vec<String> {
        let left = a.iter().filter(|item| !b.contains(item));
        left.map(|item| (*item).to_owned()).collect()
    };
    const OPTION: &str = " WITH GRANT OPTION";
    let (revoked, granted) = (only(from, to), only(to, from));
    let mut statements = Vec::new();
    let words = |list: &[&String]| {
        let words = list.iter().map(|item| item.trim_end_matches(OPTION));
        words
            .map(|word| format!("{word}{column}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let revoked: Vec<_> = revoked.iter().collect();
    if !revoked.is_empty() {
        let all = match to.is_empty() && column.is_empty() {
            true => "ALL".to_owned(),
            false => words(&revoked),
        };
        statements.push(format!("{prefix}REVOKE {all} {on} FROM {grantee}"));
    }
    for option in [false, true] {
        let list: Vec<_> = granted
            .iter()
            .filter(|item| item.ends_with(OPTION) == option)
            .collect();
        if !list.is_empty() {
            let suffix = if option { OPTION } else { "" };
            statements.push(format!(
                "{prefix}GRANT {} {on} TO {grantee}{suffix}",
                words(&list)
            ));
        }
    }
    statements
}
