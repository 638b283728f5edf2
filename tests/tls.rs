use std::fs;

use crate::harness::{Database, api::Api, stack};
use local::Role;

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
