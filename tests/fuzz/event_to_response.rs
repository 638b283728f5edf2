//! Every endpoint gives every event a proper response.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stub::{Api, Case};
use tokio::runtime::{Builder, Runtime};

thread_local! {
    // All events share one database and one connection, as in a function that runs for long.
    static API: (Runtime, Api) = start().expect("the stub starts");
}

fn start() -> Result<(Runtime, Api), String> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let api = runtime.block_on(Api::start())?;
    Ok((runtime, api))
}

fuzz_target!(|case: Case| {
    API.with(|(runtime, api)| {
        if let Err(error) = runtime.block_on(api.check(&case)) {
            panic!("{error}");
        }
    });
});
