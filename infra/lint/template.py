"""The template as SAM's transform leaves it.

`python infra/lint/template.py FILE` writes it as JSON. The code of a function is then the object
`BINARY.zip` of the bucket `functions`.
"""

import json
import logging
import os
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "infra/template.yaml"
BUCKET = "functions"
# Parameters without a default.
PARAMETERS = {
    "Release": "0123456789",
    "UseProxy": "true",
    "JwtIssuer": "https://example.auth0.com/",
    "JwtAudience": "films",
}
# Their names are fixed. SAM asks IAM for their ARNs, which needs an account.
MANAGED = "arn:aws:iam::aws:policy/service-role/"
MANAGED_POLICIES = ["AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole"]


class ManagedPolicies:
    """Stands for SAM's loader of managed policies."""

    def load(self):
        return {name: MANAGED + name for name in MANAGED_POLICIES}


def transform(text, **parameters):
    """Transforms the text of a template with these parameters, or with examples."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    logging.disable(logging.ERROR)
    warnings.simplefilter("ignore")
    from samcli.yamlhelper import yaml_parse
    from samtranslator.translator.transform import transform as sam_transform

    template = yaml_parse(text)
    template["Globals"]["Function"].pop("CodeUri")
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            binary = resource["Metadata"]["BuildProperties"]["Binary"]
            resource["Properties"]["CodeUri"] = f"s3://{BUCKET}/{binary}.zip"
    result = sam_transform(template, PARAMETERS | parameters, ManagedPolicies())
    # A copy, because an anchor's mapping is one object in many places.
    return json.loads(json.dumps(result))


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(transform(SOURCE.read_text()), indent=1))
