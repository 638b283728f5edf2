"""The PostgreSQL that takes Aurora's place."""

import os
import secrets
import subprocess

from progress import fail


class Database:
    def __init__(self, given):
        self.host, self.port, self.ca_file = given["host"], given["port"], given["ca_file"]
        self.psql = given["psql"]
        # As RDS makes it: no superuser.
        self.master, self.password = "master", secrets.token_hex(16)
        self.environment = os.environ | {
            "PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": given["user"], "PGPASSWORD": given["password"],
            "PGSSLMODE": "verify-full", "PGSSLROOTCERT": self.ca_file,
        }

    def prepare(self):
        """Makes of the local stack's cluster a new one of RDS, without roles but with an empty database."""
        self.sql(
            f"""
            DROP ROLE interview_catalogue, interview_rentals, interview_migrator;
            CREATE ROLE {self.master} LOGIN CREATEROLE CREATEDB PASSWORD '{self.password}';
            """,
            name="postgres",
        )
        self.sql(f"CREATE DATABASE pagila OWNER {self.master}", name="postgres")

    def sql(self, text, name="pagila"):
        """Runs statements as superuser in the database of this name, and returns the rows as text."""
        command = [self.psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        run = subprocess.run(
            [*command, "--dbname", name], input=text, env=self.environment, capture_output=True, text=True, check=False
        )
        if run.returncode:
            fail(f"psql: {run.stderr}")
        return run.stdout.strip()
