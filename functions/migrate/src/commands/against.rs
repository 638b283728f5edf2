//! `lint --against REF`: what a branch must not do to the migrations of another, which may be applied.

use std::{collections::BTreeMap, path::Path};

use crate::files::{
    Migrations, Script,
    git::{Files, Repository},
    normalise,
};

/// How the files differ from those of another commit.
pub(crate) struct Comparison {
    /// A line for each difference that would stop a deployment.
    pub problems: Vec<String>,
    /// The texts of the other commit, by version.
    theirs: BTreeMap<String, Up>,
    /// All their files.
    files: Files,
}

/// The name and text of an up file.
struct Up {
    file: String,
    text: String,
}

impl Comparison {
    /// Compares the up files: a down file may be corrected.
    ///
    /// # Errors
    /// git cannot read the files of the other commit.
    pub fn new(migrations: &Migrations, reference: &str) -> Result<Self, String> {
        // The compiled ones come from this folder of the working tree.
        let folder = migrations.folder.as_deref();
        let repository = Repository(folder.unwrap_or(Path::new("migrations")));
        let files = repository.files_at(reference)?;
        let theirs: BTreeMap<_, _> = files.clone().into_iter().filter_map(up).collect();
        let fork = repository.files_at_fork(reference);
        let fork = fork.map(|files| files.into_iter().filter_map(up).collect());
        let problems = problems(migrations, &theirs, fork.as_ref(), reference);
        Ok(Self {
            problems,
            theirs,
            files,
        })
    }

    /// Whether the other commit has this file with this text.
    pub fn has_same(&self, script: &Script) -> bool {
        let theirs = self.files.get(&script.file);
        theirs.is_some_and(|text| normalise(text) == script.text)
    }

    /// Whether the other commit has a migration of this version.
    pub fn has(&self, version: &str) -> bool {
        self.theirs.contains_key(version)
    }
}

/// The version of a file, if it is an up file.
fn up((file, text): (String, String)) -> Option<(String, Up)> {
    let (version, rest) = file.split_once('_')?;
    let version = version.to_owned();
    let text = normalise(&text);
    rest.ends_with(".up.sql")
        .then_some((version, Up { file, text }))
}

/// What this branch has changed since it parted from the other. Where that is unknown, every difference
/// is taken for a change of this branch.
fn problems(
    migrations: &Migrations,
    theirs: &BTreeMap<String, Up>,
    fork: Option<&BTreeMap<String, Up>>,
    reference: &str,
) -> Vec<String> {
    let ours = |version: &str| migrations.find(version).map(|found| &found.up.text);
    let is_untouched = |version: &str| {
        fork.is_some_and(|fork| fork.get(version).map(|up| &up.text) == ours(version))
    };
    let mut problems = Vec::new();
    for (version, up) in theirs {
        let ours = ours(version);
        if ours == Some(&up.text) || is_untouched(version) {
            continue;
        }
        let (file, problem) = (
            &up.file,
            match ours {
                None => "but missing here: restore it",
                Some(_) => "with another text: restore it, and write a new migration",
            },
        );
        problems.push(format!("{file} is in {reference}, {problem}"));
    }
    let newest = theirs.last_key_value();
    for migration in &migrations.versioned {
        let version = &migration.version;
        if let Some((_, newest)) = newest.filter(|(newest, _)| version < *newest)
            && !theirs.contains_key(version)
            && !is_untouched(version)
        {
            problems.push(format!(
                "{} is new, but older than {} of {reference}: give it a newer version, in both names",
                migration.up.file, newest.file
            ));
        }
    }
    problems
}
