//! The least that answers `/films?title=…` (QUERY=title) or `/films/{film_id}` (QUERY=film): one
//! secret, one connection, one statement, and nothing checked.

use aws_config::BehaviorVersion;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use lambda_http::{Error, Request, RequestExt, Response, run, service_fn};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use std::env;
use time::OffsetDateTime;
use tokio_postgres::{
    Client, Row, Statement,
    config::SslMode,
    types::{ToSql, Type},
};
use tokio_postgres_rustls::MakeRustlsConnect;

const TITLE: &str = concat!(
    include_str!("../../../../shared/src/film.sql"),
    include_str!("title.sql")
);
const FILM: &str = include_str!("../../../../functions/get-film/src/get_film.sql");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = connect(&secret().await?).await?;
    let is_search = env::var("QUERY")? == "title";
    let statement = match &*env::var("STATEMENT")? {
        "named" => Some(match is_search {
            true => client.prepare(TITLE).await?,
            false => client.prepare(FILM).await?,
        }),
        _ => None,
    };
    let (client, statement) = (&client, statement.as_ref());
    run(service_fn(async |request: Request| match is_search {
        true => search(client, statement, &request).await,
        false => film(client, statement, &request).await,
    }))
    .await
}

async fn secret() -> Result<Value, Error> {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .load()
        .await;
    let client = aws_sdk_secretsmanager::Client::new(&config);
    let request = client
        .get_secret_value()
        .secret_id(env::var("DB_SECRET_ID")?);
    let answer = Box::pin(request.send()).await?;
    Ok(serde_json::from_str(
        answer.secret_string().unwrap_or_default(),
    )?)
}

async fn connect(secret: &Value) -> Result<Client, Error> {
    let mut roots = RootCertStore::empty();
    for authority in CertificateDer::pem_file_iter(env::var("DB_CA_FILE")?)? {
        roots.add(authority?)?;
    }
    let tls = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let text = |name: &str| secret[name].as_str().unwrap_or_default();
    let port = secret["port"].as_u64().unwrap_or_default();
    let (client, connection) = tokio_postgres::Config::new()
        .host(text("host"))
        .port(port.try_into()?)
        .dbname(text("dbname"))
        .user(text("username"))
        .password(text("password"))
        .ssl_mode(SslMode::Require)
        .connect(MakeRustlsConnect::new(tls))
        .await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn search(
    client: &Client,
    statement: Option<&Statement>,
    request: &Request,
) -> Result<Response<String>, Error> {
    let parameters = request.query_string_parameters();
    let pattern = format!("%{}%", parameters.first("title").unwrap_or_default());
    let (limit, skip) = (21_i64, 0_i64);
    let rows = match statement {
        Some(statement) => client.query(statement, &[&pattern, &limit, &skip]).await?,
        None => {
            let typed: [(&(dyn ToSql + Sync), Type); 3] = [
                (&pattern, Type::TEXT),
                (&limit, Type::INT8),
                (&skip, Type::INT8),
            ];
            client.query_typed(TITLE, &typed).await?
        }
    };
    let items: Vec<Film> = rows
        .into_iter()
        .map(Film::try_from)
        .collect::<Result<_, Error>>()?;
    respond(&serde_json::json!({ "items": items, "next": null }))
}

async fn film(
    client: &Client,
    statement: Option<&Statement>,
    request: &Request,
) -> Result<Response<String>, Error> {
    let parameters = request.path_parameters();
    let film_id: i32 = parameters.first("film_id").unwrap_or_default().parse()?;
    let row = match statement {
        Some(statement) => client.query_one(statement, &[&film_id]).await?,
        None => {
            let mut rows = client.query_typed(FILM, &[(&film_id, Type::INT4)]).await?;
            rows.pop().ok_or("no such film")?
        }
    };
    respond(&Details {
        categories: raw(&row, "categories")?,
        actors: raw(&row, "actors")?,
        film: row.try_into()?,
    })
}

fn respond(body: &impl Serialize) -> Result<Response<String>, Error> {
    let response = Response::builder().header("content-type", "application/json");
    Ok(response.body(serde_json::to_string(body)?)?)
}

fn raw(row: &Row, column: &str) -> Result<Box<RawValue>, Error> {
    Ok(RawValue::from_string(row.try_get(column)?)?)
}

#[derive(Serialize)]
struct Details {
    #[serde(flatten)]
    film: Film,
    categories: Box<RawValue>,
    actors: Box<RawValue>,
}

#[derive(Serialize)]
struct Film {
    film_id: i32,
    title: String,
    description: Option<String>,
    release_year: Option<i32>,
    language: String,
    language_id: i32,
    rental_duration: i16,
    rental_rate: Box<RawValue>,
    length: Option<i16>,
    replacement_cost: Box<RawValue>,
    rating: Option<String>,
    special_features: Option<Vec<String>>,
    #[serde(with = "time::serde::rfc3339")]
    last_update: OffsetDateTime,
    streaming_available: bool,
}

impl TryFrom<Row> for Film {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            film_id: row.try_get("film_id")?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            release_year: row.try_get("release_year")?,
            language: row.try_get("language")?,
            language_id: row.try_get("language_id")?,
            rental_duration: row.try_get("rental_duration")?,
            rental_rate: raw(&row, "rental_rate")?,
            length: row.try_get("length")?,
            replacement_cost: raw(&row, "replacement_cost")?,
            rating: row.try_get("rating")?,
            special_features: row.try_get("special_features")?,
            last_update: row.try_get("last_update")?,
            streaming_available: row.try_get("streaming_available")?,
        })
    }
}
