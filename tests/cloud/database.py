"""The PostgreSQL that takes Aurora's place, as its superuser sees it."""

import os
import subprocess

from progress import fail


class Database:
    def __init__(self, given):
        self.host, self.port, self.ca_file = given["host"], given["port"], given["ca_file"]
        self.user, self.password, self.psql = given["user"], given["password"], given["psql"]
        self.environment = os.environ | {
            "PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user, "PGPASSWORD": self.password,
            "PGSSLMODE": "verify-full", "PGSSLROOTCERT": self.ca_file,
        }

    def sql(self, text, name="pagila"):
        """Runs statements in the database of this name, and returns the rows as text."""
        command = [self.psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        run = subprocess.run(
            [*command, "--dbname", name], input=text, env=self.environment, capture_output=True, text=True, check=False
        )
        if run.returncode:
            fail(f"psql: {run.stderr}")
        return run.stdout.strip()
