//! The statement of a file with the directive `repeat`: what it must be, and what lint says of it.

use squawk_syntax::{
    SyntaxKind,
    ast::{
        AstNode, FetchClause, LimitClause, SkipLocked, Stmt, WhereClause, WhereClauseOrCurrentOf,
    },
};

/// Why a file cannot be repeated.
pub(crate) fn refused(statements: &[Stmt]) -> Option<String> {
    match statements {
        [Stmt::Insert(_) | Stmt::Update(_) | Stmt::Delete(_) | Stmt::Merge(_)] => None,
        [_] => Some(
            "`repeat` needs an INSERT, UPDATE, DELETE or MERGE: only they tell how many rows they have touched".to_owned(),
        ),
        many => Some(format!(
            "`repeat` needs a file with exactly one statement, and here are {}: move the others to migrations of \
             their own",
            many.len()
        )),
    }
}

/// What may keep a repeated statement from ending, or from ending well.
pub(crate) fn warnings(statement: &Stmt) -> Vec<&'static str> {
    let has = |is: fn(SyntaxKind) -> bool| {
        let mut nodes = statement.syntax().descendants();
        nodes.any(|node| is(node.kind()))
    };
    let mut warnings = Vec::new();
    if !has(WhereClause::can_cast) && !has(WhereClauseOrCurrentOf::can_cast) {
        warnings.push("Without WHERE, each round touches the same rows, and the last never comes.");
    }
    if !has(LimitClause::can_cast) && !has(FetchClause::can_cast) {
        warnings.push("Without LIMIT, the first round touches all rows in one transaction.");
    }
    if has(SkipLocked::can_cast) {
        warnings.push(
            "With SKIP LOCKED, a round that finds only locked rows is the last, and leaves them out.",
        );
    }
    warnings
}
