//! What events are composed of.

use crate::api::ORIGIN;

/// Names, and values for each that are mostly right.
pub(crate) type Table = &'static [(&'static str, &'static [&'static str])];

pub(crate) const METHODS: &[&str] = &[
    "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "HEAD",
    "HEAD", "OPTIONS", "POST", "get", "FROB", "",
];
pub(crate) const PATH_VALUES: &[&str] = &[
    "1", "2", "3", "5", "16", "action", "tion", "A b", "é", "a/b", "100%", "%2F", "\u{FFFD}",
];
pub(crate) const STAGES: &[&str] = &["$default", "$default", "prod", "Ünder/way"];

/// What is wrong somewhere, or nearly.
pub(crate) const ODD: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "-1",
    "+1",
    "1.5",
    "1e9",
    "NaN",
    "00000000000000000001",
    "2147483647",
    "2147483648",
    "-2147483648",
    "99999999999999999999",
    "\u{0}",
    "\u{7F}",
    "\u{FFFD}",
    "é",
    "\u{1F3AC}",
    "%",
    "%2",
    "%zz",
    "%00",
    "%FF",
    "%C3%A9",
    "a+b%2Bc",
    "'",
    "\"",
    "\\",
    "<>",
    "null",
    "true",
    ",",
    ",,1,",
    "a=b=c",
    "&",
    "&&=&",
    "[]",
    "{}",
    "$1",
    "٣",
    "A\u{301}",
    "\r\nx: y",
];

pub(crate) const QUERY: Table = &[
    ("q", &["dinosaur", "\"a b\" -c or d", "é"]),
    ("title", &["dino", "%_\\", "a b+c"]),
    ("starts_with", &["aca", "%"]),
    ("category", &["action", "1"]),
    ("actor", &["penelope", "2"]),
    ("language", &["english", "1"]),
    ("rating", &["PG", "PG,R", "NC-17", "G,PG,PG-13,R,NC-17"]),
    ("release_year", &["2006", "1901"]),
    ("release_year_min", &["1990"]),
    ("release_year_max", &["2010", "2155"]),
    ("length_min", &["0", "60"]),
    ("length_max", &["120", "32767"]),
    ("streaming_available", &["true", "false"]),
    ("film_id", &["1", "1,2,3", "-1,2147483647"]),
    (
        "sort",
        &[
            "film_id",
            "-film_id",
            "title",
            "-title",
            "release_year",
            "-release_year",
            "length",
            "-length",
            "rental_rate",
            "-rental_rate",
            "relevance",
        ],
    ),
    (
        "fields",
        &[
            "title",
            "film_id,title",
            "rank",
            "rental_id,due_date",
            "description,title,title",
        ],
    ),
    (
        "limit",
        &["1", "2", "3", "1", "2", "3", "5", "20", "100", "0"],
    ),
    ("skip", &["0", "1", "2", "3", "10000"]),
    ("cursor", &["AAAAAAAAAAAAAAA", "e30", "bnVsbA"]),
    ("count", &["exact"]),
    ("status", &["returned", "open", "overdue"]),
    (
        "from",
        &[
            "2022-05-24",
            "2022-05-24T22:53:30Z",
            "0000-01-01",
            "-0001-01-01",
            "0001-01-01T00:00:00+23:59",
        ],
    ),
    (
        "to",
        &[
            "2022-07-01",
            "2022-07-01T00:00:00.123456789Z",
            "9999-12-31T23:59:60Z",
            "9999-12-31T23:59:59-23:59",
        ],
    ),
];

pub(crate) const HEADERS: Table = &[
    (
        "accept",
        &[
            "*/*",
            "application/json",
            "text/html",
            "application/*;q=0.1, */*;q=0",
            ";;,=;q=",
        ],
    ),
    (
        "accept-encoding",
        &["gzip", "gzip, br", "gzip;q=0", "*", "identity"],
    ),
    ("if-none-match", &["*", "W/\"x\", \"y\"", "\"", "W/W/"]),
    ("origin", &[ORIGIN, "https://evil.example.com", "null"]),
    ("access-control-request-method", &["GET"]),
    ("x-request-id", &["order-7", "one,two"]),
    ("host", &["api.example.com", "a b", "[::1"]),
    ("x-forwarded-proto", &["https", "http,https"]),
    ("authorization", &["Bearer x.y.z"]),
];

pub(crate) const CLAIMS: Table = &[
    (
        "scope",
        &["rentals:read", "films:read  rentals:read", "rentals"],
    ),
    ("customer_id", &["1", "2", "01", " 1"]),
];

/// Keys, for lists of either kind: some could be right, for one order.
pub(crate) const KEYS: &[&str] = &[
    "1",
    "2147483648",
    "-1",
    "null",
    "[]",
    "{}",
    "\"\u{0}\"",
    "",
    r#"{"rental_date":"2022-05-24T22:53:30Z","rental_id":1}"#,
    r#"{"rental_date":"9999-12-31T23:59:59-23:59","rental_id":1}"#,
    r#"{"rental_date":"0000-01-01T00:00:00+23:59","rental_id":1}"#,
    r#"{"found_by":null,"value":"None","film_id":1}"#,
    r#"{"found_by":"words","value":{"Rank":1e38},"film_id":1}"#,
    r#"{"found_by":"similar","value":{"Rank":1e39},"film_id":1}"#,
    r#"{"found_by":null,"value":{"Title":"\u0000\ud83c\udfac"},"film_id":1}"#,
    r#"{"found_by":null,"value":{"Number":-2147483648},"film_id":-1}"#,
    r#"{"found_by":null,"value":{"Rate":"1e999"},"film_id":1}"#,
    r#"{"found_by":null,"value":{"Rate":"nan"},"film_id":1}"#,
];
