//! The files of a proved plan.

use time::OffsetDateTime;

use super::{Generated, prove::Proof, print};
use crate::{failure::Failure, revision::template};

/// The files that hold a plan.
pub(crate) fn files(proof: &Proof, message: &str, now: OffsetDateTime) -> Result<Generated, Failure> {
    if proof.up.is_empty() && proof.renames.is_empty() {
        return Ok(Generated::default());
    }
    let [(up, up_head), (down, down_head)] = template(message, now)?;
    let renames: String = proof.renames.iter().map(|rename| format!("{};\n\n", rename.up)).collect();
    let back: String = proof.renames.iter().rev().map(|rename| format!("\n{};\n", rename.down)).collect();
    let settings = "SET LOCAL check_function_bodies = off;\n\n";
    Ok(Generated {
        files: vec![
            (up, format!("{up_head}{settings}{renames}{}", print::script(&proof.up))),
            (down, format!("{down_head}{settings}{}{back}", print::script(&proof.down))),
        ],
        notes: Vec::new(),
    })
}
