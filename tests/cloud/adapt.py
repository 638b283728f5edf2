"""The transformed template as ministack can deploy it, beside a PostgreSQL that is not its own."""

import re

from progress import fail

UNKNOWN = "ministack does not know it"
# The types that are taken out, each with the reason.
REMOVED = {
    "AWS::ApplicationAutoScaling::ScalableTarget": UNKNOWN,
    "AWS::ApplicationAutoScaling::ScalingPolicy": UNKNOWN,
    "AWS::CloudWatch::Alarm": "ministack knows no metric math",
    "AWS::CodeDeploy::Application": UNKNOWN,
    "AWS::CodeDeploy::DeploymentGroup": UNKNOWN,
    "AWS::EC2::SecurityGroupIngress": UNKNOWN,
    "AWS::RDS::DBCluster": "it would be a plain PostgreSQL in Docker. The real one beside ministack takes TLS only",
    "AWS::RDS::DBInstance": "as for AWS::RDS::DBCluster",
    "AWS::RDS::DBProxy": UNKNOWN,
    "AWS::RDS::DBProxyEndpoint": UNKNOWN,
    "AWS::RDS::DBProxyTargetGroup": UNKNOWN,
    "AWS::SecretsManager::RotationSchedule": UNKNOWN,
}
KEPT = {
    "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage",
    "AWS::CloudWatch::Dashboard", "AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint", "AWS::IAM::Role", "AWS::Lambda::Alias", "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Lambda::Version", "AWS::Logs::LogGroup",
    "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBSubnetGroup",
    "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::Scheduler::Schedule", "AWS::SecretsManager::Secret",
    "Custom::Migrations",
}


def references(database, master_secret):
    """What takes the place of references, such as each to a resource that is taken out."""
    return {
        "Cluster": "local",
        "Cluster.Endpoint.Address": database.host,
        "Cluster.MasterUserSecret.SecretArn": master_secret,
        "Cluster.ReadEndpoint.Address": database.host,
        "Proxy": "local",
        "Proxy.Endpoint": database.host,
        "ProxyReader.Endpoint": database.host,
        "ProxyTargets": "local",
        # ministack lacks this attribute.
        "Vpc.CidrBlock": "10.0.0.0/24",
        "Writer": "local",
    }


def adapt(template, values, variables):
    """Takes out what ministack does not know, and gives these variables to each function with a database."""
    resources = template["Resources"]
    for kind in sorted({each["Type"] for each in resources.values()} - KEPT - REMOVED.keys()):
        fail(f"tests/cloud/adapt.py neither keeps nor removes {kind}")
    removed = {name for name, each in resources.items() if each["Type"] in REMOVED}

    def replaced(value):
        if isinstance(value, list):
            return [replaced(item) for item in value]
        if not isinstance(value, dict):
            return value
        name = value.get("Ref") or ".".join(value.get("Fn::GetAtt", ""))
        if name in values or name.split(".")[0] in removed:
            return values[name]
        value = {key: replaced(item) for key, item in value.items()}
        if "Fn::Sub" in value:
            text, *names = value["Fn::Sub"] if isinstance(value["Fn::Sub"], list) else [value["Fn::Sub"]]
            text = re.sub(r"\$\{([\w.]+)\}", lambda match: literal(match[1]) or match[0], text)
            value["Fn::Sub"] = [text, *names] if names else text
        return value

    def literal(name):
        return values[name] if name.split(".")[0] in removed else None

    kept = {name: each for name, each in resources.items() if name not in removed}
    for each in kept.values():
        depends = each.get("DependsOn", [])
        depends = [depends] if isinstance(depends, str) else depends
        each["DependsOn"] = [name for name in depends if name not in removed]
        # CodeDeploy's.
        each.pop("UpdatePolicy", None)
        if each["Type"] == "AWS::Lambda::Function":
            given = each["Properties"].get("Environment", {}).get("Variables", {})
            given.update(variables if "DB_HOST" in given else {})
    # The issuer is on this machine, without TLS.
    template["Parameters"]["JwtIssuer"].pop("AllowedPattern")
    return template | {"Resources": replaced(kept), "Outputs": replaced(template["Outputs"])}
