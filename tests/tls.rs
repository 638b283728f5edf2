use std::{
    fs,
    time::{Duration, SystemTime},
};

use crate::harness::{Database, api::Api, stack};
use local::{Role, paths};
use x509_cert::Certificate;

/// The class of what keeps db-health from its database.
async fn refusal(variables: &[(&str, &str)]) -> String {
    let api = Api::start_with("db-health", variables).await;
    let answer = api.get("/health/db").await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    answer.body["error"].as_str().expect("a class").to_owned()
}

#[tokio::test]
async fn every_connection_is_over_tls() {
    let api = Api::start("search-films").await;
    api.get("/films").await.ok();
    let client = api.database.connect().await;
    let sql = "SELECT ssl, version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = current_database()";
    let rows = client.query(sql, &[]).await.expect("rows");
    assert_eq!(rows.len(), 2, "the function's connection and this one");
    for row in rows {
        assert!(row.get::<_, bool>("ssl"));
        assert_eq!(row.get::<_, &str>("version"), "TLSv1.3");
    }
}

#[tokio::test]
async fn another_authority_is_refused() {
    // An authority that has signed nothing here.
    let other = rcgen::KeyPair::generate().and_then(|key| {
        let mut parameters = rcgen::CertificateParams::new(vec![])?;
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        parameters.self_signed(&key)
    });
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), other.expect("a certificate").pem()).expect("it is written");
    let path = file.path().to_str().expect("UTF-8");
    assert_eq!(refusal(&[("DB_CA_FILE", path)]).await, "tls");
}

#[tokio::test]
async fn the_authorities_compiled_in_do_not_know_ours() {
    assert_eq!(refusal(&[("DB_CA_FILE", "")]).await, "tls");
}

#[tokio::test]
async fn another_host_name_is_refused() {
    // This machine, by an address that is not in the certificate.
    assert_eq!(refusal(&[("DB_HOST", "0.0.0.0")]).await, "tls");
}

#[tokio::test]
async fn a_reader_may_have_the_certificate_of_another_name() {
    // This machine by an address that is not in the certificate, which has `*.proxy.localhost`.
    let variables = |name| {
        [
            ("DB_HOST", "0.0.0.0"),
            ("DB_READER_HOST", "0.0.0.0"),
            ("DB_READER_TLS_NAME", name),
        ]
    };
    for name in ["localhost", "films.proxy.localhost"] {
        let api = Api::start_with("db-health", &variables(name)).await;
        api.get("/health/db").await.ok();
    }
    for name in [
        "",
        "proxy.localhost",
        "reader.endpoint.proxy.localhost",
        "films.other.localhost",
    ] {
        assert_eq!(refusal(&variables(name)).await, "tls", "{name}");
    }
}

#[tokio::test]
async fn database_url_is_verified_unless_it_disables_tls() {
    let database = Database::sample().await;
    let url = stack().await.url(Role::Catalogue, &database.name);
    let cases = [
        ("", "", 200),
        ("?sslmode=verify-full", "", 200),
        ("?sslmode=prefer", "/nowhere", 503),
        // The server has no line in pg_hba.conf for a connection without TLS.
        ("?sslmode=disable", "", 503),
    ];
    for (options, ca_file, status) in cases {
        let database_url = format!("{url}{options}");
        let mut variables = vec![
            ("DATABASE_URL", database_url.as_str()),
            ("DB_SECRET_ID", ""),
        ];
        if !ca_file.is_empty() {
            variables.push(("DB_CA_FILE", ca_file));
        }
        let api = Api::start_with("db-health", &variables).await;
        let answer = api.get("/health/db").await;
        assert_eq!(answer.status, status, "{options}: {}", answer.text);
    }
}

#[test]
fn no_authority_expires_within_a_year_or_is_there_twice() {
    let file = paths::root().join("shared/authorities.pem");
    let text = fs::read(file).expect("a file");
    let all = Certificate::load_pem_chain(&text).expect("certificates");
    let year = Duration::from_secs(365 * 24 * 3600);
    let soon = SystemTime::now() + year;
    for each in &all {
        let Certificate {
            tbs_certificate: certificate,
            ..
        } = each;
        let end = certificate.validity.not_after.to_system_time();
        let name = certificate.subject.to_string();
        assert!(end > soon, "run `make certificates`: {name} expires");
        let same = all.iter().filter(|other| *other == each);
        assert_eq!(same.count(), 1, "{name} is there twice");
    }
    // Amazon Root CA 1 to 4 and Starfield's, and three of RDS for each region.
    let is_of_rds = |each: &&Certificate| each.tbs_certificate.subject.to_string().contains("RDS");
    let of_rds = all.iter().filter(is_of_rds).count();
    assert_eq!(all.len() - of_rds, 5);
    assert!(of_rds >= 27 * 3, "{of_rds}");
}
