//! Requests that an index answers, and searches up to the worst, one at a time.

use crate::contender::{release, request};
use crate::figures::percentile;
use crate::scenario::event;
use crate::settings::Settings;
use crate::table::{Table, milliseconds};
use local::lambda::Function;
use local::{Error, Result, StackInfo};

/// A request that any client may send.
#[derive(Clone, Copy)]
pub struct Ask {
    /// The function that serves it.
    pub function: &'static str,
    path: &'static str,
    query: &'static str,
    parameters: &'static [(&'static str, &'static str)],
}

const fn films(query: &'static str) -> Ask {
    Ask {
        function: "search-films",
        path: "/films",
        query,
        parameters: &[],
    }
}

/// Requests that an index answers at any size.
pub const BY_KEY: [Ask; 4] = [
    Ask {
        function: "get-film",
        path: "/films/777",
        query: "",
        parameters: &[("film_id", "777")],
    },
    Ask {
        function: "films-by-category",
        path: "/categories/1/films",
        query: "",
        parameters: &[("category", "1")],
    },
    Ask {
        function: "rentals-by-customer",
        path: "/customers/1/rentals",
        query: "",
        parameters: &[("customer_id", "1")],
    },
    films(""),
];

/// Searches that clients send every day. `drama` is a word of every twelfth film.
pub const SEARCHES: [Ask; 11] = [
    films("skip=10000&limit=100"),
    films("title=dinosaur"),
    films("title=ter&count=exact"),
    films("starts_with=aca"),
    films("q=dinosaur"),
    films("q=drama"),
    films("q=dinosuar"),
    films("q=xxxxxxxx"),
    films("actor=greta"),
    films("count=exact&limit=0"),
    Ask {
        function: "list-categories",
        path: "/categories",
        query: "",
        parameters: &[],
    },
];

/// Searches that ask most of the database. `must` is a word of every film.
pub const WORST: [Ask; 18] = [
    films("title=xxx"),
    films("q=drama&count=exact"),
    films("q=drama&count=estimated"),
    films("q=drama&sort=-title"),
    films("q=must"),
    films("q=must+-must"),
    films("q=%22find+must%22"),
    films("q=drama+or+comedy+or+must+or+dinosaur"),
    films("q=a+drmaa+of+mny+wrods+abot+a+dinosuar"),
    films("category=action&language=french"),
    films("length_min=185&rating=G&language=2"),
    films("length_min=30000"),
    films("length_min=180&sort=length"),
    films("release_year_max=1992&sort=-release_year"),
    films("actor=thorne&category=games&count=exact"),
    films("category=action&sort=-title&skip=100"),
    films("title=aca&sort=-title"),
    films("sort=-title&title=din"),
];

impl Ask {
    /// The request as an event.
    pub fn event(&self) -> Vec<u8> {
        let event = event(self.path, self.query, self.parameters);
        event.to_string().into_bytes()
    }

    /// The URL.
    pub fn url(&self) -> String {
        match self.query {
            "" => self.path.to_owned(),
            query => format!("{}?{query}", self.path),
        }
    }

    /// An instance of its function, whose statements are perhaps prepared.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(&self, info: &StackInfo, is_prepared: bool) -> Result<Function> {
        let mut environment = info.environment(self.function)?;
        if is_prepared {
            environment.push(("DB_PREPARED".to_owned(), "on".to_owned()));
        }
        let function = Function::start(&release(self.function), &environment).await?;
        let ready = function.ready().await;
        ready.map_err(|error| Error::new(format!("{} does not start: {error}", self.function)))?;
        Ok(function)
    }
}

/// A row for each request.
///
/// # Errors
/// When an answer is not 200.
pub async fn measure(settings: &Settings, info: &StackInfo) -> Result<Table> {
    let title = format!("Requests among {} films, one at a time", settings.films());
    let mut table = Table::new(&title, &["request", "p50", "p99"]);
    for ask in BY_KEY.iter().chain(&SEARCHES).chain(&WORST) {
        let function = ask.start(info, false).await?;
        let mut took = Vec::new();
        for number in 0..settings.requests() * 2 {
            let failed = |error| Error::new(format!("{}: {error}", ask.url()));
            let time = request(&function, &ask.event()).await.map_err(failed)?;
            // The first ones warm up.
            if number >= 10 {
                took.push(time);
            }
        }
        function.stop().await;
        took.sort();
        let [p50, p99] = [50, 99].map(|percent| milliseconds(percentile(&took, percent)));
        table.rows.push(vec![ask.url(), p50, p99]);
    }
    table.note = "Milliseconds of warm requests, of one instance each.".to_owned();
    Ok(table)
}
