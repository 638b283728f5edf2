//! The migrations of another commit of the repository, read with git.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// The files of a commit, a name to a text.
pub(crate) type Files = BTreeMap<String, String>;

/// The repository that has a folder of migrations.
pub(crate) struct Repository<'a>(pub &'a Path);

impl Repository<'_> {
    /// The files that the folder has in a commit, such as a branch; none where it has no such folder.
    ///
    /// # Errors
    /// git is not installed, the folder is not in a repository, or the commit is unknown.
    pub fn files_at(&self, reference: &str) -> Result<Files, String> {
        let commit = self.commit(reference)?;
        let list = text(self.git(&["ls-tree", "-z", &commit]).map_err(needs_git)?);
        // `MODE blob ID<TAB>NAME`
        let entries = list.split('\0').filter_map(|entry| {
            let (about, name) = entry.split_once('\t')?;
            let (_, id) = about.split_once(" blob ")?;
            name.ends_with(".sql")
                .then(|| (name.to_owned(), id.to_owned()))
        });
        let (names, ids): (Vec<_>, Vec<_>) = entries.unzip();
        Ok(names
            .into_iter()
            .zip(self.texts(&ids).map_err(needs_git)?)
            .collect())
    }

    /// The files of the commit where this branch and another have parted; None where it is unknown, as
    /// in a shallow clone.
    pub fn files_at_fork(&self, reference: &str) -> Option<Files> {
        let fork = self.git(&["merge-base", &self.commit(reference).ok()?, "HEAD"]);
        self.files_at(text(fork.ok()?).trim()).ok()
    }

    fn commit(&self, reference: &str) -> Result<String, String> {
        let unknown = || {
            format!(
                "lint --against: git knows no branch, tag or commit `{reference}`: correct the name, or fetch it first \
                 with `git fetch`"
            )
        };
        if reference.starts_with('-') {
            return Err(unknown());
        }
        // Unlike `REF:FOLDER`, this also names a repository that is not there.
        let name = format!("{reference}^{{commit}}");
        match self.git(&["rev-parse", "--verify", "--quiet", &name]) {
            Ok(id) => Ok(text(id).trim().to_owned()),
            Err(said) if said.is_empty() => Err(unknown()),
            Err(said) => Err(needs_git(said)),
        }
    }

    /// The texts of these objects, in this order.
    fn texts(&self, ids: &[String]) -> Result<Vec<String>, String> {
        let mut command = self.command(&["cat-file", "--batch"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let read = || -> io::Result<Vec<u8>> {
            let mut child = command.spawn()?;
            let (stdin, ids) = (child.stdin.take(), ids.join("\n") + "\n");
            // Beside the reader, because both pipes may be full.
            let writer =
                thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(ids.as_bytes())));
            let output = child.wait_with_output()?.stdout;
            let _ = writer.join();
            Ok(output)
        };
        let mut output = &{ read }().map_err(|error| error.to_string())?[..];
        let texts = ids.iter().map(|_| next(&mut output));
        let texts: Option<Vec<_>> = texts.collect();
        texts.ok_or_else(|| "cat-file ended too early".to_owned())
    }

    /// What git prints, or its error message.
    fn git(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let output = self.command(arguments).output();
        let output = output.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "it is not installed".to_owned(),
            _ => error.to_string(),
        })?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(text(output.stderr).trim().to_owned()),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.0).args(arguments);
        command
    }
}

fn needs_git(said: String) -> String {
    format!("lint --against needs git: {said}")
}

/// The next object in the output of `git cat-file --batch`: `ID blob SIZE`, its bytes, and a line end.
fn next(output: &mut &[u8]) -> Option<String> {
    let end = output.iter().position(|byte| *byte == b'\n')?;
    let header = str::from_utf8(&output[..end]).ok()?;
    let size: usize = header.rsplit_once(' ')?.1.parse().ok()?;
    let from = end + 1;
    let object = output.get(from..from + size)?;
    let object = String::from_utf8_lossy(object).into_owned();
    *output = output.get(from + size + 1..)?;
    Some(object)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}
