//! What psql understands and PostgreSQL does not: the output of pg_dump has it.

use squawk_syntax::{
    SourceFile, SyntaxKind, SyntaxToken,
    ast::{AstNode, CopyStdin, CopyStdout, Stmt},
};

/// The first command of psql, such as the `\restrict` of pg_dump: its offset, and what to say of it.
pub(crate) fn command(tree: &SourceFile, text: &str) -> Option<(usize, String)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        // Not where the line is a part of a quoted text or a comment.
        let token = tree.syntax().token_at_offset((at as u32).into());
        let begins = |token: SyntaxToken| usize::from(token.text_range().start()) == at;
        if line.starts_with('\\') && token.right_biased().is_some_and(begins) {
            let line = line.trim_end();
            let message = format!("`{line}` is a command of psql, and not SQL: remove it");
            return Some((at, message));
        }
        at += line.len();
    }
    None
}

/// The first COPY from or to the client: its offset, and what to say of it.
pub(crate) fn copy(tree: &SourceFile) -> Option<(usize, String)> {
    tree.stmts().find_map(|statement| {
        let Stmt::Copy(copy) = &statement else {
            return None;
        };
        let has = |is: fn(SyntaxKind) -> bool| {
            let mut nodes = copy.syntax().descendants();
            nodes.any(|node| is(node.kind()))
        };
        let reason = if has(CopyStdin::can_cast) {
            "reads rows from the client, which sends none: write INSERT, as `pg_dump --inserts` does"
        } else if has(CopyStdout::can_cast) {
            "sends rows to the client, which does not read them: remove it"
        } else {
            return None;
        };
        let sql = copy.syntax().text().to_string();
        let at = copy.syntax().text_range().start().into();
        Some((at, format!("`{}` {reason}", sql.trim().trim_end_matches(';'))))
    })
}

#[cfg(test)]
mod tests {
    use crate::{files::Script, files::statement::split};

    #[test]
    fn what_psql_alone_understands_is_refused_in_words() {
        for (text, words) in [
            (
                "SELECT 1;\n\\restrict abc\nSELECT 2;",
                "x.up.sql:2: `\\restrict abc` is a command of psql",
            ),
            ("\\connect a", "x.up.sql:1: `\\connect a`"),
            (
                "SELECT 1;\nCOPY t (id) FROM stdin;\n1\n\\.\n",
                "x.up.sql:2: `COPY t (id) FROM stdin` reads rows from the client",
            ),
            ("COPY t FROM STDIN;", "x.up.sql:1: `COPY t FROM STDIN`"),
            ("COPY t TO STDOUT;", "sends rows to the client"),
        ] {
            let script = Script::new("x.up.sql".to_owned(), text).expect("a script");
            let error = split(&script).expect_err(text);
            assert!(error.contains(words), "{error}");
        }
        let fine = "COPY t FROM '/tmp/rows'; SELECT E'\n\\\\restrict';";
        let script = Script::new("x.up.sql".to_owned(), fine).expect("a script");
        assert_eq!(split(&script).map(|found| found.len()), Ok(2));
    }
}
