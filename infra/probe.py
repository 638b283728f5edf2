"""Finds out about a deployed stack what only AWS can show: `make probe STACK=interview-dev`.

It reads with the AWS CLI and sends GET and OPTIONS requests to the API. It changes nothing. Each line says `yes`, `no`
or, if the stack has not come to it yet, `open`.
"""

import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

ROWS = []


class Refused(Exception):
    """What the AWS CLI says when a call fails."""


def aws(service, operation, *arguments):
    """Calls an operation, and returns its result."""
    command = ["aws", service, operation, *arguments, "--output", "json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if run.returncode:
        raise Refused((run.stderr.strip() or "no reason").splitlines()[-1])
    return json.loads(run.stdout or "{}")


class Stack:
    def __init__(self, name):
        self.name = name
        (described,) = aws("cloudformation", "describe-stacks", "--stack-name", name)["Stacks"]
        self.status = described["StackStatus"]
        self.parameters = {each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])}
        self.outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
        listed = aws("cloudformation", "list-stack-resources", "--stack-name", name)["StackResourceSummaries"]
        self.ids = {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in listed}

    def request(self, method, path):
        """The status of a request to the API without a token."""
        request = urllib.request.Request(self.outputs["Url"] + path, method=method)
        try:
            return urllib.request.urlopen(request, timeout=40).status
        except urllib.error.HTTPError as error:
            return error.code

    def has_proxy(self):
        return self.parameters.get("UseProxy") == "true"

    def metric(self, metric, statistic, dimension, value):
        """The statistic of a metric of RDS over the last day, or None."""
        now = datetime.now(timezone.utc)
        points = aws(
            "cloudwatch", "get-metric-statistics", "--namespace", "AWS/RDS", "--metric-name", metric,
            "--dimensions", f"Name={dimension},Value={value}", "--statistics", statistic, "--period", "300",
            "--start-time", (now - timedelta(days=1)).isoformat(), "--end-time", now.isoformat(),
        )["Datapoints"]
        values = [point[statistic] for point in points]
        return (min if statistic == "Minimum" else max)(values) if values else None

    def messages(self, function, pattern):
        """The messages of a function's log with this pattern, oldest first."""
        group = self.ids[f"{function}Logs"]
        found = aws("logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", pattern)
        return [event["message"] for event in found.get("events", [])]


def row(unknown):
    """Registers a function that returns whether this holds, or None, and what it has seen."""
    return lambda function: ROWS.append((unknown, function)) or function


@row("the template is accepted, and the order of its resources works")
def accepted(stack):
    return stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), stack.status


@row("rentals need a token, and a CORS preflight reaches the OPTIONS routes without one")
def preflight(stack):
    seen = {method: stack.request(method, "/customers/1/rentals") for method in ("GET", "OPTIONS")}
    return seen == {"GET": 401, "OPTIONS": 204}, str(seen)


@row("a canary starts, and rolls back when an alarm rings")
def canary(stack):
    application = stack.ids["ServerlessDeploymentApplication"]
    group = stack.ids["GetFilmDeploymentGroup"]
    names = ("--application-name", application, "--deployment-group-name", group)
    deployments = aws("deploy", "list-deployments", *names)["deployments"]
    if not deployments:
        return None, "CodeDeploy has had no deployment"
    known = aws("deploy", "batch-get-deployments", "--deployment-ids", *deployments[:25])["deploymentsInfo"]
    seen = sorted({each["status"] for each in known})
    return ("Stopped" in seen or "Failed" in seen) or None, f"deployments: {', '.join(seen)}"


@row("CloudWatch takes the metrics from the log lines")
def metrics(stack):
    function = f"Name=function_name,Value={stack.ids['DbHealth']}"
    known = aws("cloudwatch", "list-metrics", "--namespace", "interview-api", "--dimensions", function)["Metrics"]
    if not known:
        return None, "db-health has had no request in two weeks"
    names = {metric["MetricName"] for metric in known}
    return names == {"duration_ms", "db_ms", "faults"}, ", ".join(sorted(names))


@row("the functions reach the database, with the certificate verified")
def connects(stack):
    status = stack.request("GET", "/health/db")
    return status == 200, f"GET /health/db: {status}, with UseProxy={stack.parameters.get('UseProxy')}"


@row("the proxy pins no session of this API")
def pinned(stack):
    if not stack.has_proxy():
        return None, "there is no proxy"
    most = stack.metric("DatabaseConnectionsCurrentlySessionPinned", "Maximum", "ProxyName", stack.ids["Proxy"])
    return None if most is None else most == 0, f"sessions pinned at once in the last day: {most}"


@row("the proxy is available in the first two zones of the region")
def available(stack):
    if not stack.has_proxy():
        return None, "there is no proxy"
    (proxy,) = aws("rds", "describe-db-proxies", "--db-proxy-name", stack.ids["Proxy"])["DBProxies"]
    return proxy["Status"] == "available", f"{proxy['Status']}, in {len(proxy['VpcSubnetIds'])} subnets"


@row("RDS takes a SCRAM verifier as a password")
def rotated(stack):
    dates = [
        aws("secretsmanager", "describe-secret", "--secret-id", stack.ids[name]).get("LastRotatedDate")
        for name in ("CatalogueSecret", "RentalsSecret", "MigratorSecret")
    ]
    done = sum(1 for date in dates if date)
    return done == 3 or None, f"secrets that were rotated: {done} of 3"


@row("Secrets Manager calls testSecret without the other steps when a schedule is made")
def tested(stack):
    steps = [message for message in stack.messages("RotateSecret", "ended") if " ended" in message]
    if not steps:
        return None, "the log of rotate-secret has no step"
    first = [name for name in ("create", "set", "test", "finish") if f"{name} ended" in steps[0]]
    return first == ["test"], f"the first step: {first}"


@row("the database pauses, also with Performance Insights")
def pauses(stack):
    if stack.parameters.get("MinCapacity") != "0":
        return None, "MinCapacity is not 0"
    least = stack.metric("ServerlessDatabaseCapacity", "Minimum", "DBClusterIdentifier", stack.ids["Cluster"])
    return None if least is None else least == 0, f"the least capacity of the last day: {least} ACU"


@row("autoscaling adds and removes readers")
def scales(stack):
    activities = aws(
        "application-autoscaling", "describe-scaling-activities", "--service-namespace", "rds",
        "--resource-id", f"cluster:{stack.ids['Cluster']}",
    )["ScalingActivities"]
    done = sum(1 for each in activities if each["StatusCode"] == "Successful")
    return done > 0 or None, f"successful scalings: {done}"


def ready(arguments):
    """The stack, or a sentence about what is missing."""
    if len(arguments) != 1 or not arguments[0]:
        sys.exit("error: name the stack, as in `make probe STACK=interview-dev`")
    if not shutil.which("aws"):
        sys.exit("error: the AWS CLI is not installed: see https://aws.amazon.com/cli")
    try:
        aws("sts", "get-caller-identity")
    except Refused as reason:
        sys.exit(f"error: the AWS CLI has no valid credentials: {reason}")
    try:
        return Stack(arguments[0])
    except Refused as reason:
        sys.exit(f"error: the stack {arguments[0]} cannot be read: {reason}")


def main():
    stack = ready(sys.argv[1:])
    wrong = False
    for unknown, function in ROWS:
        try:
            holds, seen = function(stack)
        except KeyError as missing:
            holds, seen = None, f"the stack has no {missing}"
        except (Refused, ValueError, OSError) as reason:
            holds, seen = None, f"it cannot be read: {reason}"
        wrong = wrong or holds is False
        print(f"{'open' if holds is None else 'yes' if holds else 'no':4}  {unknown} ({seen})", flush=True)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
