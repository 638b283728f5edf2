"""Runs public linters on the template: cfn-lint before and after SAM's transform, and parliament on
each policy. The transformed template stays in the file that is the argument."""

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

from template import ROOT, SOURCE, transform

# The transform puts the values of these parameters where they are used.
NOT_USED_ANY_MORE = ["--ignore-checks", "W2001"]
# What stands for a resource in a policy, by type.
ARNS = {
    "AWS::Lambda::Alias": "arn:aws:lambda:eu-central-1:123456789012:function:name:live",
    "AWS::Lambda::Function": "arn:aws:lambda:eu-central-1:123456789012:function:name",
    "AWS::RDS::DBCluster": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-a",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:name",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-central-1:123456789012:name",
}


def cfn_lint(path, *options):
    tool = Path(sys.executable).with_name("cfn-lint")
    print(f"cfn-lint {os.path.relpath(path)}", flush=True)
    return subprocess.run([tool, *options, "--", path], check=False).returncode == 0


def resolved(value, resources):
    """A value of a policy, with an ARN in place of each reference."""
    if isinstance(value, list):
        return [resolved(item, resources) for item in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value or "Fn::GetAtt" in value:
        name = value.get("Ref") or value["Fn::GetAtt"][0]
        return ARNS[resources[name]["Type"]]
    if "Fn::Sub" in value:
        # SAM's policy templates: an ARN with one name in it.
        names = value["Fn::Sub"][1].values()
        (arn,) = [resolved(name, resources) for name in names]
        return arn + "*" if value["Fn::Sub"][0].endswith("*") else arn
    return {key: resolved(item, resources) for key, item in value.items()}


def statements(document):
    """The statements of a policy, one for each resource: parliament is content if one of them fits."""
    for statement in document["Statement"]:
        resources = statement["Resource"]
        for resource in resources if isinstance(resources, list) else [resources]:
            yield statement | {"Resource": resource}


def parliament(template):
    """Analyses each policy of each role, and prints what is found."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from parliament import analyze_policy_string

    count, found = 0, []
    for name, role in template["Resources"].items():
        if role["Type"] != "AWS::IAM::Role":
            continue
        for policy in role["Properties"].get("Policies", []):
            document = resolved(policy["PolicyDocument"], template["Resources"])
            for statement in statements(document):
                count += 1
                # SAM writes no version, which means the older one. It differs in policy variables only.
                text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
                found += [f"{name}: {finding}" for finding in analyze_policy_string(text).findings]
    print(f"parliament: {count} statements", *found, sep="\n  ")
    return not found


def main():
    result = transform(SOURCE.read_text())
    path = ROOT / sys.argv[1]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1))
    passed = [cfn_lint(SOURCE), cfn_lint(path, *NOT_USED_ANY_MORE), parliament(result)]
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
