use super::*;

fn config(variables: &[(&str, &str)]) -> Result<Config, String> {
    let find = |name: &str| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let config = Variables::new(&find).config();
    config.map_err(|error| error.to_string())
}

const SECRET: (&str, &str) = ("DB_SECRET_ID", "s");

fn ssl_mode(url: &str) -> SslMode {
    let config = config(&[("DATABASE_URL", url)]).expect("a valid URL");
    match config.source {
        Source::Url(config) => config.get_ssl_mode(),
        Source::Secret(_) => unreachable!("DATABASE_URL is not a secret"),
    }
}

#[test]
fn every_bad_variable_is_reported_at_once() {
    let bad = [
        ("DB_PORT", "0"),
        ("DB_POOL_SIZE", "many"),
        ("DB_POOL_RECYCLE", "1h"),
        ("DB_CHANNEL_BINDING", "disable"),
        ("DB_SLOW_MS", "0"),
        ("DB_PREPARED", "yes"),
        ("AUTHORIZATION", "off"),
        ("RENTALS_SCOPE", "rentals:read x"),
        ("CORS_ORIGINS", "example.com"),
    ];
    let error = config(&bad).expect_err("ten errors");
    assert_eq!(error.split("; ").count(), 10, "{error}");
    for (name, value) in bad {
        assert!(error.contains(name), "{name} is not in: {error}");
        assert!(error.contains(&format!("`{value}`")), "{value}: {error}");
    }
    assert!(error.contains("DB_SECRET_ID"), "{error}");
}

#[test]
fn a_reader_s_name_needs_a_reader() {
    let name = ("DB_READER_TLS_NAME", "proxy");
    let error = config(&[SECRET, name]).expect_err("no reader");
    assert_eq!(error, "DB_READER_TLS_NAME needs DB_READER_HOST");
    config(&[SECRET, name, ("DB_READER_HOST", "reader")]).expect("both");
}

#[test]
fn only_an_explicit_disable_is_without_tls() {
    for mode in [
        "",
        "?sslmode=prefer",
        "?sslmode=require",
        "?sslmode=verify-full",
    ] {
        let url = format!("postgres://u:p@h/d{mode}");
        assert_eq!(ssl_mode(&url), SslMode::Require);
    }
    let disabled = "postgres://u:p@h/d?sslmode=disable";
    assert_eq!(ssl_mode(disabled), SslMode::Disable);
}

#[test]
fn a_url_replaces_the_secret_except_in_lambda() {
    let both = [SECRET, ("DATABASE_URL", "postgres://u:p@h/d")];
    let source = config(&both).expect("a URL").source;
    assert!(matches!(source, Source::Url(_)), "{source:?}");
    let lambda = [
        both[0],
        both[1],
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
    ];
    let error = config(&lambda).expect_err("refused");
    assert!(error.contains("not both"), "{error}");
}

#[test]
fn a_bad_url_is_reported_without_its_password() {
    let error = config(&[("DATABASE_URL", "postgres://u:hunter2@h:port/d")]);
    assert!(!error.expect_err("a bad port").contains("hunter2"));
}

#[test]
fn the_pool_has_a_connection_for_each_concurrent_request() {
    let size = |variables: &[_]| config(variables).map(|config| config.pool_size);
    let concurrency = |n| ("AWS_LAMBDA_MAX_CONCURRENCY", n);
    assert_eq!(size(&[SECRET]), Ok(1));
    assert_eq!(size(&[SECRET, concurrency("0")]), Ok(1));
    assert_eq!(size(&[SECRET, concurrency("4")]), Ok(4));
    let both = [SECRET, concurrency("4"), ("DB_POOL_SIZE", "2")];
    assert_eq!(size(&both), Ok(2));
}

#[test]
fn personal_data_is_never_open_in_lambda() {
    let open = [SECRET, ("AUTHORIZATION", "none")];
    let access = config(&open).expect("the local stack").access;
    assert_eq!(access.authorization, Authorization::None);
    for kind in ["on-demand", "provisioned-concurrency"] {
        let lambda = [open[0], open[1], ("AWS_LAMBDA_INITIALIZATION_TYPE", kind)];
        let error = config(&lambda).expect_err("refused");
        assert!(error.contains("AUTHORIZATION must not be none"), "{error}");
    }
}

#[test]
fn origins_are_a_star_or_a_list() {
    assert_eq!(Origins::parse("*"), Ok(Origins::Any));
    let two = ["https://a.example", "http://localhost:3000"].map(ToOwned::to_owned);
    assert_eq!(
        Origins::parse("https://A.example, http://localhost:3000"),
        Ok(Origins::These(two.into()))
    );
    for wrong in [
        "a.example",
        "https://",
        "https://a.example/",
        "https://*.example",
        "*,*",
        ",",
    ] {
        assert!(Origins::parse(wrong).is_err(), "{wrong}");
    }
}
