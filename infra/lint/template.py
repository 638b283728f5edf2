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

import yaml

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


class Loader(yaml.SafeLoader):
    """Reads YAML with the short forms of CloudFormation's functions, such as `!Ref`."""

    def function(self, name, node):
        if isinstance(node, yaml.ScalarNode):
            value = self.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = self.construct_sequence(node, deep=True)
        else:
            value = self.construct_mapping(node, deep=True)
        if name == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


Loader.add_multi_constructor("!", Loader.function)


def transform(text, **parameters):
    """Transforms the text of a template with these parameters, or with examples."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    logging.disable(logging.ERROR)
    warnings.simplefilter("ignore")
    from samtranslator.translator.transform import transform as sam_transform

    template = yaml.load(text, Loader)
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
