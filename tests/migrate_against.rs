//! `lint --against REF`: a pull request that would stop a deployment fails.

use std::process::Command;

use crate::harness::{
    Database,
    migrations::{Finished, Folder, ONE, THREE, TWO, command},
};

/// A git repository whose branch `main` has the first and the third of the three migrations, with the
/// branch `work` checked out.
fn repository() -> Folder {
    let folder = Folder::three();
    folder.remove(&format!("{TWO}_test.up.sql"));
    folder.remove(&format!("{TWO}_test.down.sql"));
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&folder);
    git(&folder, &["checkout", "--quiet", "-b", "work"]);
    folder
}

fn git(folder: &Folder, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(folder.path()).args(arguments);
    let git = git.env("GIT_CONFIG_GLOBAL", "/dev/null");
    let said = git.output().expect("git runs");
    assert!(said.status.success(), "{arguments:?}: {said:?}");
}

fn commit(folder: &Folder) {
    git(folder, &["add", "--all"]);
    let author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    let words = ["commit", "--quiet", "--message", "Change", "--allow-empty"];
    git(folder, &[&author[..], &words].concat());
}

/// What `lint` says in this folder, without a database.
async fn lint(folder: &Folder, arguments: &[&str]) -> Finished {
    let path = folder.path();
    let all = ["--json", "--dir", path.to_str().expect("UTF-8"), "lint"];
    let variables =
        ["PATH", "HOME"].map(|name| (name.to_owned(), std::env::var(name).unwrap_or_default()));
    let output = command(&variables, &[&all[..], arguments].concat())
        .await
        .output()
        .await;
    Finished::new(output.expect("it runs"))
}

/// Expects that `lint --against main` fails with these words.
async fn refused(folder: &Folder, words: &str) {
    let said = lint(folder, &["--against", "main"]).await.expect(1);
    let message = said.json()["error"]["message"].to_string();
    assert!(message.contains(words), "`{words}` is not in {message}");
}

#[tokio::test]
async fn a_new_migration_and_a_corrected_down_file_pass_and_only_the_new_one_is_linted() {
    let folder = repository();
    folder.write(
        "20240104000000_new.up.sql",
        "CREATE TABLE public.t (id bigint);",
    );
    folder.write("20240104000000_new.down.sql", "DROP TABLE public.t;");
    folder.write(&format!("{ONE}_test.down.sql"), "DROP TABLE public.one;");
    let said = lint(&folder, &["--against", "main"]).await.expect(0);
    assert_eq!(said.json()["linted"], 1);
    folder.write(
        "20240104000000_new.up.sql",
        "ALTER TABLE public.t DROP COLUMN id;",
    );
    refused(&folder, "allow=ban-drop-column").await;
}

#[tokio::test]
async fn a_changed_deleted_or_older_migration_is_refused() {
    let folder = repository();
    folder.write(
        &format!("{ONE}_test.up.sql"),
        "CREATE TABLE public.one (id bigint);",
    );
    let changed = format!("{ONE}_test.up.sql is in main, with another text");
    refused(&folder, &changed).await;
    commit(&folder);
    refused(&folder, &changed).await;
    folder.remove(&format!("{ONE}_test.up.sql"));
    folder.remove(&format!("{ONE}_test.down.sql"));
    refused(
        &folder,
        &format!("{ONE}_test.up.sql is in main, but missing here"),
    )
    .await;

    let folder = repository();
    folder.write(&format!("{TWO}_late.up.sql"), "SELECT 1;");
    folder.write(&format!("{TWO}_late.down.sql"), "SELECT 1;");
    let late = format!("{TWO}_late.up.sql is new, but older than {THREE}_test.up.sql of main");
    refused(&folder, &late).await;
}

#[tokio::test]
async fn a_branch_that_is_behind_is_not_blamed_for_what_the_other_has_changed() {
    let folder = repository();
    folder.write("20240104000000_mine.up.sql", "SELECT 1;");
    folder.write("20240104000000_mine.down.sql", "SELECT 1;");
    commit(&folder);
    git(&folder, &["checkout", "--quiet", "main"]);
    folder.write(&format!("{TWO}_theirs.up.sql"), "SELECT 1;");
    folder.write(&format!("{TWO}_theirs.down.sql"), "SELECT 1;");
    commit(&folder);
    git(&folder, &["checkout", "--quiet", "work"]);
    lint(&folder, &["--against", "main"]).await.expect(0);
}

#[tokio::test]
async fn an_unknown_commit_a_missing_repository_and_missing_git_are_named() {
    let folder = repository();
    for unknown in ["origin/main", "-x", "HEAD:x"] {
        let against = format!("--against={unknown}");
        let said = lint(&folder, &[&against]).await.expect(1);
        let words = format!(
            "lint --against: git knows no branch, tag or commit `{unknown}`: correct the name, or fetch it first"
        );
        assert!(said.text.contains(&words), "{}", said.text);
    }
    let said = lint(&Folder::three(), &["--against", "main"])
        .await
        .expect(1);
    assert!(said.text.contains("not a git repository"), "{}", said.text);
    let path = folder.path();
    let words = [
        "--dir",
        path.to_str().expect("UTF-8"),
        "lint",
        "--against",
        "main",
    ];
    let variables = [("PATH".to_owned(), "/nonexistent".to_owned())];
    let output = command(&variables, &words).await.output().await;
    let said = Finished::new(output.expect("it runs")).expect(1);
    assert!(said.error.contains("not installed"), "{}", said.error);
}

#[tokio::test]
async fn a_folder_that_the_other_commit_lacks_has_only_new_migrations() {
    let folder = repository();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).expect("a folder");
    std::fs::write(inner.join(format!("{ONE}_x.up.sql")), "SELECT 1;").expect("a file");
    std::fs::write(inner.join(format!("{ONE}_x.down.sql")), "SELECT 1;").expect("a file");
    let words = [
        "--json",
        "--dir",
        inner.to_str().expect("UTF-8"),
        "lint",
        "--against",
        "main",
    ];
    let variables = [("PATH".to_owned(), std::env::var("PATH").unwrap_or_default())];
    let output = command(&variables, &words).await.output().await;
    let said = Finished::new(output.expect("it runs")).expect(0);
    assert_eq!(said.json()["linted"], 1);
}

#[tokio::test]
async fn an_event_cannot_compare_files() {
    let event = serde_json::json!({"command": "lint", "against": "main"});
    let answer = Database::empty().await.migrate(event).await;
    let said = format!("{answer:?}");
    assert!(said.contains("only for the command line"), "{said}");
}

#[tokio::test]
async fn a_repeatable_file_may_change_and_go_and_is_linted_when_it_has_changed() {
    let folder = repository();
    git(&folder, &["checkout", "--quiet", "main"]);
    folder.write("R_one.sql", "SELECT 1;");
    folder.write("R_two.sql", "SELECT 1;");
    commit(&folder);
    git(&folder, &["checkout", "--quiet", "-B", "work"]);
    let said = lint(&folder, &["--against", "main"]).await.expect(0);
    assert_eq!(said.json()["linted"], 0);
    folder.remove("R_one.sql");
    folder.write("R_two.sql", "SELECT 2;");
    let said = lint(&folder, &["--against", "main"]).await.expect(0);
    assert_eq!(said.json()["linted"], 1);
    folder.write("R_two.sql", "ALTER TABLE public.t DROP COLUMN id;");
    refused(&folder, "R_two.sql:1: ").await;
}
