//! The files of a cluster: data, certificate, settings.

use super::binaries::Binaries;
use super::server::Server;
use crate::account::{Account, give, run_as};
use crate::error::{Context, Error, Result};
use crate::passwords::{random_password, write_private};
use crate::process::{guarded, output};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const SUPERUSER: &str = "postgres";
const LOCALE: &str = if cfg!(target_os = "macos") {
    "en_US.UTF-8"
} else {
    "C.UTF-8"
};

// No `host` and no `local` line: there is no way in without TLS and a password.
const ACCESS: &str = "\
hostssl all all 127.0.0.1/32 scram-sha-256
hostssl all all ::1/128      scram-sha-256
";

/// A cluster in its folder: `data`, and next to it what clients need.
pub(crate) struct Cluster {
    pub directory: PathBuf,
    pub account: Option<Account>,
    pub binaries: Binaries,
}

impl Cluster {
    pub fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    pub fn log(&self) -> PathBuf {
        self.directory.join("postgresql.log")
    }

    pub fn exists(&self) -> bool {
        self.data().exists()
    }

    /// Whether these binaries can run it, or what to do.
    pub fn check(&self) -> Result<()> {
        let data = self.data();
        let version = fs::read_to_string(data.join("PG_VERSION")).unwrap_or_default();
        let version = version.trim();
        let complete = self.file("ca.pem").exists() && self.file("superuser.password").exists();
        if version.is_empty() || !complete {
            let line = format!(
                "{} is not a whole PostgreSQL cluster: `make reset` deletes it",
                data.display()
            );
            return Err(Error::new(line));
        }
        if version != self.binaries.version.to_string() {
            return Err(Error::new(format!(
                "{} was made by PostgreSQL {version}, and {} has {}: set PG_BIN to the other version's bin folder, or `make reset` to delete the data",
                data.display(),
                self.binaries.bin_dir.display(),
                self.binaries.version,
            )));
        }
        Ok(())
    }

    /// Creates it under another name until it is complete, so that an interruption leaves none.
    pub async fn create(&self, durable: bool) -> Result<()> {
        let data = self.directory.join("data.new");
        if data.exists() {
            fs::remove_dir_all(&data).context(|| format!("cannot clear {}", data.display()))?;
        }
        let password = random_password()?;
        let password_file = self.file("initdb.password");
        write_private(&password_file, &password)?;
        give(&password_file, self.account.as_ref())?;
        let mut initdb = guarded("TERM", self.binaries.program("initdb"));
        run_as(&mut initdb, self.account.as_ref());
        initdb.args([
            "--encoding=UTF8",
            "--auth=scram-sha-256",
            "--no-instructions",
            "--username",
            SUPERUSER,
        ]);
        initdb
            .arg(format!("--locale={LOCALE}"))
            .args((!durable).then_some("--no-sync"));
        initdb
            .arg("--pwfile")
            .arg(&password_file)
            .arg("--pgdata")
            .arg(&data);
        initdb.env("LC_ALL", "C").current_dir(&self.directory);
        let made = output("initdb", &mut initdb).await;
        fs::remove_file(&password_file).context(|| "cannot remove initdb's password file")?;
        made?;
        self.write_certificates(&data)?;
        write(&data.join("pg_hba.conf"), ACCESS)?;
        let settings = data.join("postgresql.conf");
        let defaults = fs::read_to_string(&settings).context(|| settings.display().to_string())?;
        write(&settings, &format!("{defaults}\ninclude 'local.conf'\n"))?;
        write_private(&self.file("superuser.password"), &password)?;
        fs::rename(&data, self.data()).context(|| format!("cannot rename {}", data.display()))
    }

    /// Writes the settings that may differ from start to start.
    pub fn configure(&self, port: u16, durable: bool) -> Result<()> {
        let path = self.data().join("local.conf");
        let durability = if durable {
            ""
        } else {
            "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"
        };
        write(
            &path,
            &format!(
                "\
listen_addresses = 'localhost'
port = {port}
unix_socket_directories = ''
max_connections = 200
password_encryption = 'scram-sha-256'
ssl = on
ssl_min_protocol_version = 'TLSv1.2'
timezone = 'UTC'
log_timezone = 'UTC'
{durability}"
            ),
        )?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))
            .context(|| path.display().to_string())?;
        give(&path, self.account.as_ref())
    }

    pub fn server(&self, port: u16) -> Result<Server> {
        let file = self.file("superuser.password");
        let password =
            fs::read_to_string(&file).context(|| format!("cannot read {}", file.display()))?;
        Ok(Server {
            host: "localhost".into(),
            port,
            ca_file: self.file("ca.pem"),
            user: SUPERUSER.into(),
            password,
            version: self.binaries.version,
            bin_dir: self.binaries.bin_dir.clone(),
            data_directory: self.data(),
        })
    }

    /// The port of the server that left its `postmaster.pid` here, from the file's fourth line.
    pub fn leftover_port(&self) -> Option<u16> {
        let text = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        let pid = rustix::process::Pid::from_raw(text.lines().next()?.trim().parse().ok()?)?;
        rustix::process::test_kill_process(pid).ok()?;
        text.lines().nth(3)?.trim().parse().ok()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    // The authority signs one certificate and its key is forgotten: it can sign no other.
    fn write_certificates(&self, data: &Path) -> Result<()> {
        let (authority, certificate, key) =
            certificates().context(|| "cannot make certificates")?;
        write(&self.file("ca.pem"), &authority)?;
        let certificate_file = data.join("server.crt");
        write(&certificate_file, &certificate)?;
        give(&certificate_file, self.account.as_ref())?;
        let key_file = data.join("server.key");
        write_private(&key_file, &key)?;
        give(&key_file, self.account.as_ref())
    }
}

/// The authority's certificate, and the server's with its key, as PEM.
fn certificates() -> Result<(String, String, String), rcgen::Error> {
    let mut authority = params("interview-api local authority", &[])?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate()?;
    let authority_certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);

    // RDS Proxy's certificates have a wildcard too.
    let names = ["localhost", "*.proxy.localhost", "127.0.0.1", "::1"];
    let mut server = params("localhost", &names)?;
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &issuer)?;
    Ok((
        authority_certificate.pem(),
        certificate.pem(),
        key.serialize_pem(),
    ))
}

fn params(name: &str, alternatives: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let alternatives: Vec<String> = alternatives.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(alternatives)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2120, 1, 1);
    Ok(params)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).context(|| format!("cannot write {}", path.display()))
}
