//! The processes of this machine, as `ps` lists them.

use std::process::Command;

/// A process that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub pid: i32,
    pub parent: i32,
    group: i32,
    pub name: String,
}

impl Process {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let mut number = || words.next()?.parse().ok();
        let (pid, parent, group) = (number()?, number()?, number()?);
        let ended = words.next()?.starts_with('Z');
        let name = words.collect::<Vec<_>>().join(" ");
        (!ended).then_some(Self {
            pid,
            parent,
            group,
            name,
        })
    }

    /// Whether it is this process and no later one of its id. An orphan has another parent.
    pub fn is(&self, other: &Self) -> bool {
        (self.pid, self.group, &self.name) == (other.pid, other.group, &other.name)
    }
}

/// Every process.
pub fn all() -> Vec<Process> {
    let columns = ["-A", "-o", "pid=,ppid=,pgid=,stat=,comm="];
    let output = Command::new("ps").args(columns).output().expect("ps runs");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(Process::parse).collect()
}

/// The processes that this one started, and those that they started.
pub fn descendants(ancestor: u32) -> Vec<Process> {
    let all = all();
    let mut ancestors = vec![ancestor.cast_signed()];
    let mut family = vec![];
    while let Some(ancestor) = ancestors.pop() {
        let children = all.iter().filter(|process| process.parent == ancestor);
        for child in children {
            ancestors.push(child.pid);
            family.push(child.clone());
        }
    }
    family
}
