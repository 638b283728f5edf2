//! The documentation in a real browser.

use super::run::Run;
use super::{images, mapping};
use crate::harness::browser::Browser;

pub async fn a_browser_shows_the_api_and_tries_it(run: &Run) {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let direct = format!("http://127.0.0.1:{}", run.port);
    let mapped = mapping::start(&direct, "/v1").await;
    for api in [direct, mapped] {
        the_page_tries_films(&browser, &api).await;
        browser
            .open(&format!("{api}/docs/problems#not_found"))
            .await;
        browser.text_with("#not_found", "404 Not Found").await;
        nothing_was_wrong(&browser).await;
    }
    browser.close().await;
}

/// Requests films with "Try it out". Everything that the page loads is below the URL `api`.
async fn the_page_tries_films(browser: &Browser, api: &str) {
    browser.open(&format!("{api}/docs")).await;
    browser.text_with("[data-path='/films']", "films").await;
    images::write("docs.png", browser.screenshot().await);
    browser.click("[data-path='/films'] a").await;
    browser.click(".is-open .try-out__btn").await;
    browser.click(".is-open .execute").await;
    let answer = ".is-open .live-responses-table";
    let status = format!("{answer} tbody .response-col_status");
    browser.text_with(&status, "200").await;
    let body = format!("{answer} tbody .highlight-code");
    browser.text_with(&body, "ACADEMY DINOSAUR").await;
    let resources = browser.resources().await;
    let own = format!("{api}/");
    assert!(
        resources.iter().all(|url| url.starts_with(&own)),
        "{resources:?}"
    );
    for path in ["docs/swagger-ui.", "openapi.json", "films"] {
        let loaded = resources
            .iter()
            .any(|url| url.starts_with(&format!("{own}{path}")));
        assert!(loaded, "{path} is not in {resources:?}");
    }
    nothing_was_wrong(browser).await;
}

/// Neither an error of a script or of loading, nor anything that the page's policy held back.
async fn nothing_was_wrong(browser: &Browser) {
    let errors = browser.errors().await;
    assert!(errors.is_empty(), "{errors:#?}");
}
