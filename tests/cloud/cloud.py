"""Deploys infra/template.yaml to ministack, as far as it can, and tries the stack over HTTP.

The argument is JSON: a free port, the folder of the binaries, and a PostgreSQL that nothing else uses.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import api
import issuer
from adapt import adapt, references
from database import Database
from progress import expect, fail, say
from stack import ACCOUNT, NAME, REGION, Stack, ministack

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "infra/lint"))
from template import BUCKET, SOURCE, transform  # noqa: E402


class Deployment:
    """The stack of the template, and what stands around it."""

    def __init__(self, url, tokens, database):
        self.stack = Stack(url)
        self.parameters = {
            "UseProxy": "false",
            "JwtIssuer": tokens.url,
            "JwtAudience": issuer.AUDIENCE,
            "CustomerClaim": api.CLAIM,
            "RentalsScope": api.SCOPE,
            "CorsOrigins": "https://app.example.com",
        }
        self.values = references(database, self.stack.create_secret(database.master, database.password))
        self.variables = {"DB_PORT": str(database.port), "DB_CA_FILE": database.ca_file}

    def deploy(self, what, wanted, missing=None, **changed):
        """Creates or updates the stack, as a new release, which must settle in the wanted status. An update fails
        at a function whose code is missing."""
        parameters = self.parameters | {"Release": secrets.token_hex(5)} | changed
        template = transform(SOURCE.read_text(), **parameters)
        if missing:
            template["Resources"][missing]["Properties"]["Code"]["S3Key"] = "missing.zip"
        status = self.stack.deploy(adapt(template, self.values, self.variables), parameters)
        if status != wanted:
            fail(f"{what}: {status}, and not {wanted}: {'; '.join(self.stack.failures())}")
        say(f"{status}  {what}")


def protected(deployment, films, tokens):
    """The stack of production, with a token for films too."""
    films_too = {"UseProxy": "true", "ProtectFilms": "true"}
    deployment.deploy("the stack, with UseProxy and ProtectFilms", "UPDATE_COMPLETE", **films_too)
    for path in ("/films", "/films/1", "/categories", "/categories/action/films"):
        expect(f"GET {path} without a token", films.status("GET", path), 401)
        expect(f"GET {path} with a token", films.status("GET", path, tokens.token()), 200)
    expect("GET /health/db without a token", films.status("GET", "/health/db"), 200)


def life(deployment, films, tokens, database, at_length):
    """A new release, two that fail, and the end of the stack."""
    stack = deployment.stack
    expect("versions behind live", stack.live_versions(), {"1"})
    deployment.deploy("the stack, updated", "UPDATE_COMPLETE")
    expect("versions behind live", stack.live_versions(), {"2"})
    head = max(path.name.split("_")[0] for path in (ROOT / "migrations").iterdir())
    reports = stack.messages("DeployHookLogs", "the database is at")
    expect("what deploy-hook reports", [head in line for line in reports], [True, True])
    deployment.deploy("the stack, updated without the code of get-film", "UPDATE_ROLLBACK_COMPLETE", "GetFilm")
    expect("versions behind live", stack.live_versions(), {"2"})
    api.rentals(films, tokens)
    # As if an applied migration had been edited. migrate refuses then, also while CloudFormation rolls back.
    spoil = "UPDATE migrate.history SET checksum = reverse(checksum) WHERE version LIKE '20241118%'"
    database.sql(spoil)
    deployment.deploy("the stack, updated with a database that refuses", "UPDATE_ROLLBACK_FAILED")
    say(stack.failures()[0])
    expect("versions behind live", stack.live_versions(), {"2"})
    api.rentals(films, tokens)
    database.sql(spoil)
    expect("the stack, its rollback continued", stack.continue_rollback(), "UPDATE_ROLLBACK_COMPLETE")
    if at_length:
        protected(deployment, films, tokens)
    expect("the stack, deleted", stack.delete(), None)
    expect("films in the database", database.sql("SELECT count(*) FROM film"), "1000")


def probe(stack):
    """`make probe` finds out what ministack knows, and calls the rest open."""
    if not shutil.which("aws"):
        return say("the probe is skipped: there is no aws")
    names = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": REGION}
    environment = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": stack.url, **names}
    command = [sys.executable, ROOT / "infra/probe.py", NAME]
    lines = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if not lines.stdout:
        fail(f"the probe: {lines.stderr}")
    for line in lines.stdout.splitlines():
        say(line)
        # ministack answers preflights itself.
        if line.startswith("no ") and "preflight" not in line:
            fail("the probe says no to what is right")


def run(given, url, tokens, folder):
    database = Database(given["database"])
    database.prepare()
    deployment = Deployment(url, tokens, database)
    functions = [path for path in Path(given["binaries"]).iterdir() if (ROOT / "functions" / path.name).is_dir()]
    deployment.stack.upload(BUCKET, functions, folder)
    say(f"uploaded {len(functions)} functions")
    deployment.deploy("the stack", "CREATE_COMPLETE")
    films = api.Api(given["port"], deployment.stack.host())
    document = json.loads((ROOT / "infra/openapi.json").read_text())
    api.routes(films, document, tokens)
    api.preflight(films)
    api.tokens(films, tokens)
    if given["at_length"]:
        probe(deployment.stack)
    life(deployment, films, tokens, database, given["at_length"])


def main():
    # An exception, so that every block ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    given = json.loads(sys.argv[1])
    folder = tempfile.TemporaryDirectory(prefix="interview-api-cloud-", ignore_cleanup_errors=True)
    with folder as path, issuer.started() as tokens, ministack(given["port"], Path(path)) as url:
        say("ministack is ready")
        run(given, url, tokens, Path(path))


main()
