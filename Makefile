# Every task a person runs. `make` lists them.

.DEFAULT_GOAL := help
.PHONY: help run test lint lint-infra openapi endpoint schema pairs locks tables contract cloud fuzz invoke migrate psql reset \
	release backfill bench instructions images certificates requirements deploy destroy probe

TARGET = $(or $(CARGO_TARGET_DIR),target)
# The first build takes minutes, and shows its progress.
LOCAL = cargo run $(if $(wildcard $(TARGET)/debug/local),--quiet) --bin local --
DENY = $(TARGET)/lint-tools/bin/cargo-deny

help: ## List the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: ## Run the API on http://127.0.0.1:9000 (PORT=9001 make run: elsewhere) until Ctrl-C
	@test -x $(TARGET)/debug/local || echo 'The first start builds everything, which takes a few minutes. This builds the local stack:'
	@$(LOCAL) run

test: lint ## Lint, then run every test (PAGILA_DIR=dir adds the tests on the real Pagila dump)
	@test -n "$$PAGILA_DIR" || echo 'PAGILA_DIR is not set: the tests on the real Pagila dump are skipped'
	cargo test --workspace --lib --test '*' -- --test-threads=4

lint: $(DENY) ## rustfmt, clippy, rustdoc and cargo deny, with warnings as errors
	cargo fmt --all --check
	@cargo update --quiet --workspace --locked --manifest-path tests/fuzz/Cargo.toml || { \
	    echo 'Update it: cargo update --workspace --manifest-path tests/fuzz/Cargo.toml'; exit 1; }
	cargo clippy --workspace --all-targets --quiet -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps --document-private-items --quiet
	@cargo run --quiet --bin migrate -- lint --all
	@$(DENY) check bans licenses sources
	@if $(DENY) fetch db 2>/dev/null; then $(DENY) check --disable-fetch advisories; \
	else echo 'advisories are skipped: their database cannot be fetched'; fi

$(DENY): infra/requirements/lint.txt
	python3 -m venv --clear $(TARGET)/lint-tools
	$(TARGET)/lint-tools/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement $<
	@touch $@

# The tools of a file in infra/requirements, in an environment of their own.
$(TARGET)/%-tools/installed: infra/requirements/%.txt
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement $<
	@touch $@

CLOUD = $(TARGET)/cloud-tools/bin
export SAM_CLI_TELEMETRY = 0

lint-infra: $(TARGET)/cloud-tools/installed $(TARGET)/checkov-tools/installed ## Lint infra/template.yaml
	@$(CLOUD)/python infra/lint/lint.py $(TARGET)/cloud/template.json
	@$(CLOUD)/python infra/lint/check.py --self-test
	@$(CLOUD)/sam validate --lint --template infra/template.yaml --region eu-central-1
	@$(TARGET)/checkov-tools/bin/checkov --config-file infra/lint/checkov.yaml --file $(TARGET)/cloud/template.json

certificates: ## Renew the certificate authorities of Amazon RDS (FROM=bundle.pem: from files; FROM=npm: from npm)
	@python3 infra/certificates.py $(FROM)

requirements: ## Pin the newest dependencies of the tools from PyPI, with hashes
	python3 -m venv $(TARGET)/uv
	$(TARGET)/uv/bin/pip install --quiet --disable-pip-version-check uv
	cd infra/requirements && for name in bench checkov cloud contract deploy lint local ministack postgresql; do \
	    $(abspath $(TARGET))/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	        --generate-hashes --no-annotate $$(test $$name = deploy || echo --no-emit-package ziglang) \
	        --custom-compile-command 'make requirements' --output-file $$name.txt $$name.in || exit 1; done

images: ## Write the images of the README
	IMAGES=.github/images cargo test --workspace --test tests --quiet -- make_run_serves

openapi: ## Write infra/openapi.json from the code
	@cargo run --quiet --bin openapi -- infra/openapi.json

endpoint: ## Write the start of an endpoint: make endpoint NAME=get-actor ROUTE=/actors/{actor_id}
	@$(LOCAL) endpoint "$${NAME-}" "$${ROUTE-}"
	@cargo fmt --all
	@cargo update --quiet --workspace --manifest-path tests/fuzz/Cargo.toml
	@$(MAKE) --no-print-directory openapi
	@echo 'Next: write your query, fields and tests in functions/$(NAME) and tests/, then `make openapi test`.'
	@echo 'To deploy it, copy in infra/template.yaml the block of GetFilm and each line of an alarm or the dashboard that'
	@echo 'names GetFilm. `make lint-infra` and `make cloud` say what is missing.'

schema: ## Write sql/schema.sql, the schema that the migrations make
	SCHEMA=1 cargo test --workspace --test tests --quiet -- autogenerate::schema_sql

pairs: ## Test autogenerate on every pair of schemas, both ways, in ten minutes (PAIRS=name: on one; PG_BIN=dir: another PostgreSQL)
	PAIRS=$(or $(PAIRS),all) cargo test --workspace --test tests --quiet -- autogenerate_pairs:: --nocapture

contract: ## Check the API against its OpenAPI document at length (EXAMPLES=20 make contract: in brief)
	$(if $(shell seq 100000 | grep -Fx -e '$(or $(EXAMPLES),1000)'),,$(error \
		EXAMPLES must be a whole number from 1 to 100000, not `$(EXAMPLES)`))
	CONTRACT_EXAMPLES=$(or $(EXAMPLES),1000) cargo test --workspace --test tests --quiet -- contract --nocapture

cloud: ## Deploy the template to ministack and a PostgreSQL on this machine, and try it at length
	CLOUD=1 cargo test --workspace --test tests --quiet -- cloud:: --nocapture

backfill: ## Measure a backfill in invocations of 60 s (ROWS=1000000 make backfill: of a million rows, not sixteen)
	$(if $(shell printf %s '$(or $(ROWS),16000000)' | grep -Ex '[1-9][0-9]{0,8}'),,$(error \
		ROWS must be a whole number from 1 to 999999999, not `$(ROWS)`))
	BACKFILL_ROWS=$(or $(ROWS),16000000) cargo test --workspace --test tests --quiet -- migrate_backfill --nocapture

locks: ## Measure how long requests wait for the files of autogenerate (ROWS=100000 make locks: in a smaller table)
	$(if $(shell printf %s '$(or $(ROWS),3000000)' | grep -Ex '[1-9][0-9]{0,8}'),,$(error \
		ROWS must be a whole number from 1 to 999999999, not `$(ROWS)`))
	LOCKS_ROWS=$(or $(ROWS),3000000) cargo test --workspace --test tests --quiet -- the_waits_of_others --nocapture

tables: ## Measure how long autogenerate takes for 2,000 tables (TABLES=100 make tables: for fewer)
	$(if $(shell printf %s '$(or $(TABLES),2000)' | grep -Ex '[1-9][0-9]{0,4}'),,$(error \
		TABLES must be a whole number from 1 to 99999, not `$(TABLES)`))
	TABLES=$(or $(TABLES),2000) cargo test --workspace --test tests --quiet -- autogenerate_time --nocapture

# cargo-fuzz would update a stale lock file; `cargo fetch --locked` refuses it. A sanitizer would
# require a nightly toolchain. The longest seed has 3,200 bytes, an event takes less than a
# millisecond, and a leak of a few bytes for each event exceeds 512 MB in minutes.
fuzz: FUZZ = $(abspath $(or $(CARGO_TARGET_DIR),target))/fuzz
fuzz: DURATION = $(or $(SECONDS),600)
fuzz: ## Fuzz every endpoint for ten minutes (SECONDS=60 make fuzz: for one)
	$(if $(shell seq 86400 | grep -Fx -e '$(DURATION)'),,$(error \
		SECONDS must be a whole number from 1 to 86400, not `$(DURATION)`))
	@cargo install --quiet --locked --version 0.13.2 --root $(FUZZ)/cargo-fuzz-0.13.2 cargo-fuzz
	@cargo fetch --quiet --locked --manifest-path tests/fuzz/Cargo.toml
	@$(FUZZ)/cargo-fuzz-0.13.2/bin/cargo-fuzz build event_to_response --sanitizer none \
		--fuzz-dir tests/fuzz --target-dir $(FUZZ)/build
	@cargo run --quiet --package stub --example seeds $(FUZZ)/corpus
	@$(FUZZ)/build/$$(rustc --print host-tuple)/release/event_to_response $(FUZZ)/corpus \
		-max_total_time=$(DURATION) -max_len=8192 -timeout=10 -rss_limit_mb=512 \
		-artifact_prefix=$(FUZZ)/found- -print_final_stats=1

invoke: ## Invoke a function of `make run`: make invoke FUNCTION=migrate EVENT='{"command":"current"}'
	@$(LOCAL) invoke "$${FUNCTION-}" "$${EVENT-}"

migrate: ## Run the migrate command: make migrate ARGS="upgrade head"
	@cargo build --quiet --bin migrate
	@$(LOCAL) migrate $(ARGS)

psql: ## Open psql on the database of `make run` (ARGS='-c "SELECT 1"')
	@$(LOCAL) psql $(ARGS)

reset: ## Delete the data of `make run`
	@$(LOCAL) reset

release: ## Build every function for deployment, for this machine's architecture
	cargo build --release --workspace $(addprefix --exclude ,bench local openapi prototype stub tests)

# Each is built by itself: in one build, the functions would have every feature that the bench needs.
bench: ## Measure release builds beside a prototype and the Python service (QUICK=1, SCALE=100, LOAD=60, BASELINE=dir)
	$(if $(filter-out 0 1,$(QUICK)),$(error QUICK must be 0 or 1, not `$(QUICK)`))
	$(if $(filter-out 1 100 1000,$(SCALE)),$(error SCALE must be 1, 100 or 1000 (thousand films), not `$(SCALE)`))
	$(if $(filter-out $(shell seq 600),$(LOAD)),$(error LOAD must be 1 to 600 (seconds), not `$(LOAD)`))
	$(if $(BASELINE),$(if $(wildcard $(BASELINE)/.),,$(error \
		BASELINE=$(BASELINE) is not a folder: give the target/release of another checkout)))
	@$(MAKE) --no-print-directory release
	cargo build --release --package prototype
	cargo build --release --package bench
	@QUICK=$(QUICK) SCALE=$(SCALE) LOAD=$(LOAD) BASELINE='$(BASELINE)' $(TARGET)/release/bench

instructions: ## Count the instructions of a request, which a test compares (it requires valgrind)
	@cargo test --workspace --test tests --quiet -- instructions:: --nocapture

ifneq (,$(filter deploy destroy,$(MAKECMDGOALS)))
ifeq (,$(findstring [$(ENV)],[dev] [prod]))
$(error ENV must be dev or prod, as in `make $(firstword $(MAKECMDGOALS)) ENV=dev`)
endif
ifneq (,$(shell sed -n '/^\[$(ENV)\./,/^$$/p' infra/samconfig.toml | grep REPLACE-ME))
$(error Replace each REPLACE-ME of [$(ENV).…] in infra/samconfig.toml first)
endif
endif
CONFIG = --config-file $(abspath infra/samconfig.toml) --config-env $(ENV)
# On arm64 Linux, cargo builds for the machine itself. Elsewhere zig links.
ifeq (aarch64,$(shell uname -m))
deploy: export CARGO_LAMBDA_COMPILER = cargo
endif
# SAM builds one function after another, and most of a build is link-time optimization on one core.
# Built together first, they use every core, and SAM only copies them.
deploy: BINARIES = $(addprefix --bin ,$(notdir $(patsubst %/,%,$(wildcard functions/*/))))
deploy: export PATH := $(abspath $(TARGET)/deploy-tools/bin):$(PATH)
deploy: $(TARGET)/cloud-tools/installed $(TARGET)/deploy-tools/installed ## Build and deploy the stack: make deploy ENV=dev
	cargo lambda build --release --arm64 $(BINARIES)
	$(CLOUD)/sam build --template infra/template.yaml --build-dir $(TARGET)/sam $(CONFIG)
	@mkdir -p target/cloud
	@python3 -c 'import secrets; print(f"Release: \"{secrets.token_hex(5)}\"")' >target/cloud/release.yaml
	$(CLOUD)/sam deploy --template $(TARGET)/sam/template.yaml $(if $(CI),--no-confirm-changeset) $(CONFIG); \
	    status=$$?; rm target/cloud/release.yaml; exit $$status

destroy: $(TARGET)/cloud-tools/installed ## Delete the stack, with a last snapshot of the database: make destroy ENV=dev
	$(CLOUD)/sam delete $(CONFIG)

probe: ## Find out what only a deployed stack can show: make probe STACK=interview-dev
	@python3 infra/probe.py "$${STACK-}"
