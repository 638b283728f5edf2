//! Tests of the real binaries, against a real PostgreSQL and Secrets Manager: a file a function,
//! and one for each thing that crosses them.

mod harness;

mod api_docs;
mod cloud;
mod contract;
mod credentials;
mod db_health;
mod decoding;
mod deploy_hook;
mod events;
mod film_list;
mod films_by_category;
mod get_film;
mod http;
mod instructions;
mod list_categories;
mod local_stack;
mod log_lines;
mod make_bench;
mod migrate;
mod migrate_command;
mod migrate_deadline;
mod migrate_files;
mod migrate_kill;
mod migrate_output;
mod migrate_resume;
mod migrate_runners;
mod migrate_way_back;
mod new_endpoint;
mod openapi;
mod pagila;
mod plans;
mod pooler;
mod rentals_by_customer;
mod roles;
mod rotate_secret;
mod round_trips;
mod routes;
mod search;
mod search_films;
mod session;
mod sql;
mod start_up;
mod tls;
mod variables;
