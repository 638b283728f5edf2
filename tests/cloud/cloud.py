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
from progress import expect, say
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
            "CorsOrigins": "https://app.example.com",
        }
        self.values = references(database, self.stack.create_secret(database.user, database.password))
        self.variables = {"DB_PORT": str(database.port), "DB_CA_FILE": database.ca_file}

    def deploy(self, missing=None):
        """Creates or updates the stack, as a new release, and returns its status. It fails at a function whose
        code is missing."""
        parameters = self.parameters | {"Release": secrets.token_hex(5)}
        template = without_hook(transform(SOURCE.read_text(), **parameters))
        if missing:
            template["Resources"][missing]["Properties"]["Code"]["S3Key"] = "missing.zip"
        return self.stack.deploy(adapt(template, self.values, self.variables), parameters)


def without_hook(template):
    """deploy-hook is not written yet."""
    resources = template["Resources"]
    for name in [name for name in resources if name.startswith("DeployHook")]:
        del resources[name]
    del resources["Migrations"]
    for each in resources.values():
        if each.get("DependsOn") in ("Migrations", ["Migrations"]):
            del each["DependsOn"]
    return template


def seed(database, migrate):
    """As deploy-hook will."""
    database.sql("ALTER ROLE interview_migrator PASSWORD 'local'", name="postgres")
    database.sql("CREATE DATABASE pagila OWNER interview_migrator", name="postgres")
    url = f"postgres://interview_migrator:local@{database.host}:{database.port}/pagila"
    for command in (["restore"], ["upgrade", "head"]):
        subprocess.run(
            [migrate, *command], env={"DATABASE_URL": url, "DB_CA_FILE": database.ca_file},
            check=True, capture_output=True,
        )


def set_passwords(stack, database):
    """As deploy-hook will."""
    for value in stack.secrets():
        if value["username"].startswith("interview_"):
            password = value["password"].replace("'", "''")
            database.sql(f"ALTER ROLE {value['username']} PASSWORD '{password}'")


def life(deployment, films, tokens):
    """A new release, one that fails, and the end of the stack."""
    stack = deployment.stack
    expect("the version behind live", stack.live_versions(), {"1"})
    expect("the stack, updated", deployment.deploy(), "UPDATE_COMPLETE")
    expect("the version behind live", stack.live_versions(), {"2"})
    api.rentals(films, tokens)
    expect("the stack, updated without the code of get-film", deployment.deploy("GetFilm"), "UPDATE_ROLLBACK_COMPLETE")
    say(", ".join(stack.failures()))
    expect("the version behind live", stack.live_versions(), {"2"})
    api.rentals(films, tokens)
    expect("the stack, deleted", stack.delete(), None)


def probe(stack):
    """`make probe` finds out what ministack knows, and calls the rest open."""
    if not shutil.which("aws"):
        return say("the probe is skipped: there is no aws")
    names = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": REGION}
    environment = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": stack.url, **names}
    command = [sys.executable, ROOT / "infra/probe.py", NAME]
    lines = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    for line in lines.stdout.splitlines() + lines.stderr.splitlines():
        say(line)
    expect("the probe", lines.returncode, 0)


def run(given, url, tokens):
    database = Database(given["database"])
    seed(database, f"{given['binaries']}/migrate")
    deployment = Deployment(url, tokens, database)
    functions = [path for path in Path(given["binaries"]).iterdir() if (ROOT / "functions" / path.name).is_dir()]
    deployment.stack.upload(BUCKET, functions)
    say(f"uploaded {len(functions)} functions")
    expect("the stack", deployment.deploy(), "CREATE_COMPLETE")
    set_passwords(deployment.stack, database)
    films = api.Api(given["port"], deployment.stack.host())
    document = json.loads((ROOT / "infra/openapi.json").read_text())
    api.routes(films, document, tokens)
    api.preflight(films)
    api.tokens(films, tokens)
    if given["at_length"]:
        probe(deployment.stack)
    life(deployment, films, tokens)


def main():
    # An exception, so that every block ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    given = json.loads(sys.argv[1])
    folder = tempfile.TemporaryDirectory(prefix="interview-api-cloud-", ignore_cleanup_errors=True)
    with folder as path, issuer.started() as tokens, ministack(given["port"], Path(path)) as url:
        say("ministack is ready")
        run(given, url, tokens)


main()
