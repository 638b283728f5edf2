//! Parses authorities.pem, so that no start-up has to.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

use rustls_pki_types::{CertificateDer, pem::PemObject};

const FILE: &str = "authorities.pem";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FILE}");
    let mut anchors = String::new();
    for certificate in CertificateDer::pem_file_iter(FILE)? {
        let certificate = certificate?;
        let anchor = webpki::anchor_from_trusted_cert(&certificate)?;
        // None of them restricts the names that it may certify.
        assert!(anchor.name_constraints.is_none(), "name constraints");
        let (subject, key) = (&*anchor.subject, &*anchor.subject_public_key_info);
        write!(
            anchors,
            "TrustAnchor {{ subject: Der::from_slice(&{subject:?}), \
             subject_public_key_info: Der::from_slice(&{key:?}), name_constraints: None }},"
        )?;
    }
    let target = PathBuf::from(env::var("OUT_DIR")?).join("authorities.rs");
    let code = format!("static AUTHORITIES: &[TrustAnchor] = &[{anchors}];");
    Ok(fs::write(target, code)?)
}
