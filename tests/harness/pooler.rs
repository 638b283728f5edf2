//! pgbouncer, with TLS on both sides and two server connections a role.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use local::{
    Role,
    process::{Running, guarded},
};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

use super::{skip::skipped, stack};

/// A running pooler. It ends with this value.
pub struct Pooler {
    pub port: u16,
    /// PEM file of the authority that signed its certificate.
    pub ca_file: PathBuf,
    _running: Running,
    _folder: TempDir,
}

impl Pooler {
    /// Starts it in transaction mode, or says that the test is skipped.
    pub async fn start() -> Option<Self> {
        Self::start_in("transaction").await
    }

    /// Starts it in this mode, `transaction` or `session`.
    pub async fn start_in(mode: &str) -> Option<Self> {
        let Some(program) = find() else {
            skipped("pgbouncer is not installed (apt install pgbouncer)");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        // As root, pgbouncer switches to another user, who has to read its files.
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("permissions");
        let port = free_port().await;
        write_certificate(path);
        write_configuration(path, port, mode).await;
        let mut command = guarded("INT", program);
        if rustix::process::geteuid().is_root() {
            command.args(["-u", "nobody"]);
        }
        command.arg("--quiet").arg(path.join("pgbouncer.ini"));
        let running = Running::spawn("pgbouncer", &mut command).expect("pgbouncer starts");
        let pooler = Self {
            port,
            ca_file: path.join("ca.pem"),
            _running: running,
            _folder: folder,
        };
        pooler.wait().await;
        Some(pooler)
    }

    async fn wait(&self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "no pgbouncer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The variables of a function that connects through the pooler.
    pub fn through(&self, mut variables: Vec<(String, String)>) -> Vec<(String, String)> {
        let ca_file = self.ca_file.display().to_string();
        let port = self.port.to_string();
        for (name, value) in [("DB_CA_FILE", ca_file), ("DB_PORT", port)] {
            variables.retain(|(other, _)| other != name);
            variables.push((name.to_owned(), value));
        }
        variables
    }
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin".into()]);
    let mut programs = folders.map(|folder| folder.join("pgbouncer"));
    programs.find(|program| program.exists())
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}

async fn write_configuration(folder: &Path, port: u16, mode: &str) {
    let stack = stack().await;
    let users = [Role::Catalogue, Role::Rentals, Role::Migrator].map(|role| {
        let password = stack.passwords.of(role);
        format!("\"{}\" \"{password}\"\n", role.name())
    });
    let server = &stack.postgres;
    // The account that pgbouncer runs as may not enter the folder of the server.
    fs::copy(&server.ca_file, folder.join("server-ca.pem")).expect("the authority");
    let (folder_name, host, server_port) = (folder.display(), &server.host, server.port);
    let configuration = format!(
        "[databases]
* = host={host} port={server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
pool_mode = {mode}
default_pool_size = 2
auth_type = scram-sha-256
auth_file = {folder_name}/users.txt
client_tls_sslmode = require
client_tls_key_file = {folder_name}/key.pem
client_tls_cert_file = {folder_name}/certificate.pem
server_tls_sslmode = verify-full
server_tls_ca_file = {folder_name}/server-ca.pem
ignore_startup_parameters = extra_float_digits
"
    );
    fs::write(folder.join("pgbouncer.ini"), configuration).expect("it is written");
    fs::write(folder.join("users.txt"), users.concat()).expect("it is written");
}

/// A certificate for localhost, and the authority that signed it.
fn write_certificate(folder: &Path) {
    let make = || -> Result<[(&str, String); 3], rcgen::Error> {
        let mut authority = rcgen::CertificateParams::new(vec![])?;
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority_key = rcgen::KeyPair::generate()?;
        let ca = authority.self_signed(&authority_key)?.pem();
        let issuer = rcgen::Issuer::new(authority, authority_key);
        let key = rcgen::KeyPair::generate()?;
        let server = rcgen::CertificateParams::new(vec!["localhost".to_owned()])?;
        let certificate = server.signed_by(&key, &issuer)?.pem();
        Ok([
            ("ca.pem", ca),
            ("certificate.pem", certificate),
            ("key.pem", key.serialize_pem()),
        ])
    };
    for (name, pem) in make().expect("certificates") {
        fs::write(folder.join(name), pem).expect("it is written");
    }
}
