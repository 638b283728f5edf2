"""Checks of the template that no public linter makes. `--self-test` proves that each finds its fault."""

import json
import re
import sys
import tomllib

from template import ROOT, SOURCE, transform

METHODS = {"ANY", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
# The deployment configurations of CodeDeploy for Lambda, without `CodeDeployDefault.Lambda`.
DEPLOYMENTS = {"AllAtOnce"}
DEPLOYMENTS |= {f"Canary10Percent{n}Minutes" for n in (5, 10, 15, 30)}
DEPLOYMENTS |= {f"Linear10PercentEvery{n}" for n in ("1Minute", "2Minutes", "3Minutes", "10Minutes")}
METRICS = {
    "AWS/ApiGateway": {"4xx", "5xx", "Count", "DataProcessed", "IntegrationLatency", "Latency"},
    "AWS/Lambda": {"ConcurrentExecutions", "Duration", "Errors", "Invocations", "Throttles"},
    "AWS/RDS": {
        "ACUUtilization", "ClientConnections", "CPUUtilization", "DatabaseConnections",
        "DatabaseConnectionsCurrentlySessionPinned", "ServerlessDatabaseCapacity",
    },
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible"},
}
# What a query of Logs Insights may say besides keys and functions.
QUERY_WORDS = {"asc", "by", "desc", "display", "filter", "like", "limit", "sort", "stats"}
# max_connections of Aurora PostgreSQL by the greatest capacity, and its limit by the least one.
MAX_CONNECTIONS = {1: 189, 4: 823, 8: 1669, 16: 3360, 32: 5000, 64: 5000}
MAX_CONNECTIONS_OF_A_SMALL_MINIMUM = 2000
# PostgreSQL's and RDS' own sessions, and a person with psql.
OTHER_CONNECTIONS = 20
# The time of a request in DESIGN's budget, and API Gateway's, in seconds.
REQUEST, GATEWAY = 8, 30
# Values that a parameter must take, and values that it must refuse.
EXAMPLES = {
    "AlarmEmail": (["", "team@example.com"], ["team", "a@b", "a b@example.com"]),
    "CorsOrigins": (
        ["", "*", "https://app.example.com,http://localhost:3000"],
        ["app.example.com", "https://app.example.com/", "https://a.example, https://b.example"],
    ),
    "CustomerClaim": (["customer_id", "https://example.com/customer"], ["", "a b"]),
    "EngineVersion": (["15.10", "17.7"], ["17", "14.9", "18.1", "17.7-limitless"]),
    "JwtAudience": (["films", "https://films.example.com"], ["", "a,b", "a b"]),
    "JwtIssuer": (
        [
            "https://example.auth0.com/",
            "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI",
        ],
        ["", "REPLACE-ME", "http://example.auth0.com/", "https://example.auth0.com/?a", "https://localhost"],
    ),
    "Release": (["0123456789"], ["", "0123", "012345678X"]),
    "RentalsScope": (["rentals:read", "films/rentals.read"], ["", "a b", 'a"']),
    "Snapshot": (
        ["", "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:before"],
        ["before", "arn:aws:rds:eu-central-1:123456789012:snapshot:before"],
    ),
}


class Stack:
    """The transformed template, with its conditions decided by the defaults and these parameters."""

    def __init__(self, template, **chosen):
        self.parameters = template["Parameters"]
        self.values = {name: each.get("Default") for name, each in self.parameters.items()}
        self.values |= chosen
        self.conditions = template["Conditions"]
        self.rules = template["Rules"]
        resources = template["Resources"].items()
        self.resources = {
            name: {key: self.decided(value) for key, value in each.items()}
            for name, each in resources
            if "Condition" not in each or self.holds(each["Condition"])
        }

    def holds(self, condition):
        if isinstance(condition, str):
            return self.holds(self.conditions[condition])
        ((operator, operands),) = condition.items()
        if operator == "Fn::Not":
            return not self.holds(operands[0])
        if operator == "Condition":
            return self.holds(operands)
        assert operator == "Fn::Equals", operator
        left, right = (self.values[o["Ref"]] if isinstance(o, dict) else o for o in operands)
        return str(left) == str(right)

    def decided(self, value):
        """A value without `Fn::If` and `AWS::NoValue`."""
        if isinstance(value, list):
            return [item for item in map(self.decided, value) if item is not None]
        if not isinstance(value, dict):
            return value
        if value == {"Ref": "AWS::NoValue"}:
            return None
        if "Fn::If" in value:
            condition, yes, no = value["Fn::If"]
            return self.decided(yes if self.holds(condition) else no)
        pairs = {key: self.decided(item) for key, item in value.items()}
        return {key: item for key, item in pairs.items() if item is not None}

    def of(self, kind):
        """The properties of each resource of a type, by name."""
        return {
            name: each.get("Properties", {})
            for name, each in self.resources.items()
            if each["Type"] == kind
        }

    def functions(self):
        """The resource of each function, by its binary."""
        return {
            self.resources[name]["Metadata"]["BuildProperties"]["Binary"]: name
            for name in self.of("AWS::Lambda::Function")
        }

    def binary(self, name):
        return self.resources[name]["Metadata"]["BuildProperties"]["Binary"]

    def behind(self, alias):
        """The binary behind the alias of a reference."""
        alias = self.resources.get(alias["Ref"], {})
        assert alias.get("Type") == "AWS::Lambda::Alias", alias
        return self.binary(alias["Properties"]["FunctionName"]["Ref"])


def routes(stack):
    """Routes lead where the router of Cargo.toml leads, and the OpenAPI document agrees."""
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    router = manifest["workspace"]["metadata"]["lambda"]["watch"]["router"]
    wanted = {"$default" if path == "/{*path}" else f"ANY {path}": to for path, to in router.items()}
    integrations = stack.of("AWS::ApiGatewayV2::Integration")
    there, protected = {}, {}
    for name, route in stack.of("AWS::ApiGatewayV2::Route").items():
        key = route["RouteKey"]
        method, _, path = key.partition(" ")
        if key != "$default" and (method not in METHODS or not path.startswith("/")):
            yield f"{name}: `{key}` is not a route key"
        target = re.fullmatch(r"integrations/\$\{(\w+)\}", route["Target"]["Fn::Sub"])
        there[key] = stack.behind(integrations[target[1]]["IntegrationUri"])
        protected[key] = route["AuthorizationType"] == "JWT"
        if protected[key] != ("AuthorizerId" in route):
            yield f"{name}: JWT needs an authorizer, and NONE has none"
    any_method = {key: to for key, to in there.items() if not key.startswith("OPTIONS ")}
    for key in sorted(wanted.keys() | any_method.keys()):
        if wanted.get(key) != any_method.get(key):
            yield f"`{key}`: the router has {wanted.get(key)}, the template {any_method.get(key)}"
    for key in there:
        preflight = key.replace("ANY ", "OPTIONS ")
        if protected[key] and (there.get(preflight) != there[key] or protected.get(preflight)):
            yield f"`{key}` is protected, and has no open `{preflight}` to the same function"
    document = json.loads((ROOT / "infra/openapi.json").read_text())
    for path, operations in document["paths"].items():
        needs = any(operation.get("security") for operation in operations.values())
        films = path.startswith(("/films", "/categories")) and stack.values["ProtectFilms"] == "true"
        if protected.get(f"ANY {path}") != (needs or films):
            yield f"{path}: the OpenAPI document and the template disagree on its protection"
    permitted = {
        stack.behind(each["FunctionName"])
        for each in stack.of("AWS::Lambda::Permission").values()
        if each["Principal"] == "apigateway.amazonaws.com"
    }
    for binary in sorted(set(there.values()) - permitted):
        yield f"API Gateway may not invoke {binary}"


def functions(stack):
    """Each function is in the template, with its logs, an alarm and the secret of its role."""
    templates = stack.functions()
    alarms = json.dumps(stack.of("AWS::CloudWatch::Alarm"))
    secrets = {"interview/catalogue": "CatalogueSecret", "interview/rentals": "RentalsSecret"}
    secrets["interview/migrator"] = "MigratorSecret"
    for folder in sorted((ROOT / "functions").iterdir()):
        manifest = tomllib.loads((folder / "Cargo.toml").read_text())
        binary = manifest["package"]["name"]
        if binary not in templates:
            yield f"functions/{folder.name} is not in the template"
            continue
        environment = manifest["package"].get("metadata", {}).get("lambda", {}).get("env", {})
        secret = secrets.get(environment.get("DB_SECRET_ID"))
        function = stack.of("AWS::Lambda::Function")[templates[binary]]
        variables = function.get("Environment", {}).get("Variables", {})
        # Events name the secrets of rotate-secret.
        if binary != "rotate-secret" and variables.get("DB_SECRET_ID") != (secret and {"Ref": secret}):
            yield f"{binary}: DB_SECRET_ID is not {secret}"
        policies = json.dumps(stack.of("AWS::IAM::Role")[templates[binary] + "Role"])
        for other in secrets.values():
            if (f'"{other}"' in policies) != (other == secret) and binary not in ("migrate", "rotate-secret"):
                yield f"{binary}: its policy is wrong for {other}"
    for binary, name in templates.items():
        group = stack.of("AWS::Lambda::Function")[name]["LoggingConfig"].get("LogGroup", {}).get("Ref")
        if "RetentionInDays" not in stack.of("AWS::Logs::LogGroup").get(group, {}):
            yield f"{binary} has no log group with retention"
        if group and group != f"{name}Logs":
            yield f"{binary} has the log group of another"
        if f'{{"Ref": "{name}"}}' not in alarms:
            yield f"{binary} has no alarm"


def variables(stack):
    """shared::config reads each variable, and each value is one that it takes."""
    files = ["config.rs", "config/access.rs"]
    config = "".join((ROOT / "shared/src" / file).read_text() for file in files)
    known = set(re.findall(r'"([A-Z][A-Z_]+)"', config))
    for name, function in stack.of("AWS::Lambda::Function").items():
        given = function.get("Environment", {}).get("Variables", {})
        for variable in given.keys() - known:
            yield f"{name}: nothing reads {variable}"
        if given.get("AUTHORIZATION", "jwt") != "jwt" or "DATABASE_URL" in given:
            yield f"{name}: AUTHORIZATION and DATABASE_URL are for local stacks"
        if given.get("DB_CHANNEL_BINDING", "prefer") not in ("prefer", "require"):
            yield f"{name}: DB_CHANNEL_BINDING must be prefer or require"
        through_proxy = "Proxy" in json.dumps(given.get("DB_HOST", ""))
        if through_proxy and given.get("DB_CHANNEL_BINDING") == "require":
            yield f"{name}: the proxy does not offer channel binding"
        if through_proxy and given.get("DB_READER_TLS_NAME") != given["DB_HOST"]:
            yield f"{name}: DB_READER_TLS_NAME must be the name of the proxy's own endpoint"


def expression_is_valid(text):
    """Whether EventBridge Scheduler and Secrets Manager take an expression: `rate(…)` or `cron(…)`."""
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)(s?)\)", text)
    if rate:
        return int(rate[1]) > 0 and (rate[1] == "1") == (rate[3] == "")
    cron = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)", text)
    if not cron or (cron[3] == "?") == (cron[5] == "?"):
        return False
    ranges = [(0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199)]
    for field, (least, most) in zip(cron.groups(), ranges, strict=True):
        for part in field.split(","):
            numbers = re.fullmatch(r"\*(?:/\d+)?|\?|(\d+)(?:-(\d+))?(?:/\d+)?", part)
            if not numbers or any(n and not least <= int(n) <= most for n in numbers.groups()):
                return False
    return True


def schedules(stack):
    """Schedules and rotations run at the times that they seem to, under names of this stack."""
    for name, schedule in stack.of("AWS::Scheduler::Schedule").items():
        if not expression_is_valid(schedule["ScheduleExpression"]):
            yield f"{name}: {schedule['ScheduleExpression']} is not a schedule"
        if "${AWS::StackName}" not in json.dumps(schedule["Name"]):
            yield f"{name}: two stacks of an account would share its name"
        if "DeadLetterConfig" not in schedule["Target"]:
            yield f"{name} has no dead-letter queue"
    rotations = stack.of("AWS::SecretsManager::RotationSchedule")
    for name, rotation in rotations.items():
        rules = rotation["RotationRules"]
        # Secrets Manager begins a rotation at a full hour only.
        if not expression_is_valid(rules["ScheduleExpression"]) or "cron(0 " not in rules["ScheduleExpression"]:
            yield f"{name}: {rules['ScheduleExpression']} is not a schedule of a rotation"
        if not re.fullmatch(r"([1-9]|1\d|2[0-4])h", rules["Duration"]):
            yield f"{name}: {rules['Duration']} is not 1h to 24h"
        if rotation.get("RotateImmediatelyOnUpdate") is not False or "Migrations" not in dependencies(stack, name):
            yield f"{name} rotates before the role exists"
    rotated = {rotation["SecretId"]["Ref"] for rotation in rotations.values()}
    for name in stack.of("AWS::SecretsManager::Secret").keys() - rotated:
        yield f"{name} is never rotated"


def dependencies(stack, name):
    """What a resource waits for by `DependsOn`, also through others."""
    depends = stack.resources[name].get("DependsOn", [])
    depends = {depends} if isinstance(depends, str) else set(depends)
    return depends.union(*(dependencies(stack, each) for each in depends))


def commands():
    """The commands of migrate: the fields of each, and whether one has no default."""
    source = (ROOT / "functions/migrate/src/command.rs").read_text()
    source = source[source.index("pub enum Command") : source.index("\n}\n")]
    found = {}
    for name, body in re.findall(r"^    (\w+) \{(.*?)\}", source, re.M | re.S):
        fields = re.findall(r"((?:#\[.*\n\s*|///.*\n\s*)*)(\w+): [\w<>]+,", body)
        found[name.lower()] = {
            field: "serde(default" in attributes for attributes, field in fields if "serde(skip)" not in attributes
        }
    return found


def properties():
    """The properties that deploy-hook reads."""
    source = (ROOT / "functions/deploy-hook/src/deployment.rs").read_text()
    source = source[source.index("struct Properties") : source.index("\n}\n")]
    return {name.title().replace("_", "") for name in re.findall(r"^    (\w+): ", source, re.M)}


def events(stack):
    """Each event to migrate is a command that it takes without a person's confirmation."""
    known = commands()
    inputs = {name: each["Target"].get("Input", "") for name, each in stack.of("AWS::Scheduler::Schedule").items()}
    for name, text in inputs.items():
        try:
            event = json.loads(text)
            fields = known[event.pop("command")]
        except (ValueError, KeyError, AttributeError):
            yield f"{name}: migrate has no command {text}"
            continue
        for field in event.keys() - fields.keys():
            yield f"{name}: the command has no field {field}"
        for field, optional in fields.items():
            if not optional and field not in event:
                yield f"{name}: the command needs {field}"
    wanted = {"ServiceToken", "ServiceTimeout"} | properties()
    for name, call in stack.of("Custom::Migrations").items():
        if call.keys() != wanted:
            yield f"{name}: its properties are not {sorted(wanted)}"
        hook = stack.of("AWS::Lambda::Function")[call["ServiceToken"]["Fn::GetAtt"][0]]
        migrate = stack.of("AWS::Lambda::Function")[stack.functions()["migrate"]]
        if not migrate["Timeout"] < hook["Timeout"] <= 900 or not hook["Timeout"] < int(call["ServiceTimeout"]) <= 3600:
            yield f"{name}: migrate must end before deploy-hook does, and deploy-hook before CloudFormation gives up"
        if len(call["RoleSecrets"]) != len(stack.of("AWS::SecretsManager::Secret")):
            yield f"{name}: RoleSecrets lacks a secret"
    for binary, name in stack.functions().items():
        served = binary not in ("migrate", "rotate-secret", "deploy-hook")
        if served and "Migrations" not in dependencies(stack, name):
            yield f"{binary} could meet a database that is not migrated"
        timeout = stack.of("AWS::Lambda::Function")[name]["Timeout"]
        if served and not REQUEST < timeout < GATEWAY:
            yield f"{binary}: its timeout must be between those of a request and of API Gateway"


def deployments(stack):
    """A deployment moves traffic by a configuration that CodeDeploy has, and with alarms."""
    for name in stack.parameters["DeploymentPreference"]["AllowedValues"]:
        if name not in DEPLOYMENTS:
            yield f"CodeDeploy has no {name}"
    alarms = stack.of("AWS::CloudWatch::Alarm")
    groups = stack.of("AWS::CodeDeploy::DeploymentGroup")
    routed = {each["IntegrationUri"]["Ref"] for each in stack.of("AWS::ApiGatewayV2::Integration").values()}
    for alias in routed:
        function = stack.of("AWS::Lambda::Alias")[alias]["FunctionName"]["Ref"]
        group = groups.get(f"{function}DeploymentGroup", {})
        watching = [each["Name"]["Ref"] for each in group.get("AlarmConfiguration", {}).get("Alarms", [])]
        version = next(n for n, v in stack.of("AWS::Lambda::Version").items() if v["FunctionName"]["Ref"] == function)
        for kind in ("faults", "Errors", "Duration"):
            seen = [
                name for name in watching
                for metric in alarms[name]["Metrics"]
                if f'"{version}"' in json.dumps(metric) and metric["MetricStat"]["Metric"]["MetricName"] == kind
            ]
            if not seen:
                yield f"{function}: no alarm of its new version watches {kind}"


def lines():
    """What log lines have: their keys, and their metrics with the dimensions of each, by namespace."""
    source = "".join((ROOT / "shared/src" / path).read_text() for path in ("config.rs", "telemetry.rs", "telemetry/request.rs"))
    keys = set()
    for name in ("Function", "Line", "Invocation", "Fields"):
        body = re.search(rf"\n(?:pub\S* )?struct {name}\b.*?\n}}", source, re.S)[0]
        keys |= set(re.findall(r"^    (\w+):", body, re.M))
    namespace = re.search(r'const SERVICE: &str = "(.+)"', source)[1]
    written = {}
    for dimensions, body in re.findall(r"namespace: SERVICE,\s+dimensions: \[&\[(.*?)\]\],\s+metrics: &\[(.*?)\],\n", source, re.S):
        for metric in re.findall(r'metric\("(\w+)"', body):
            written[metric] = re.findall(r"\w+", dimensions)
    assert keys > written.keys() and len(written) == source.count("metric(\""), (keys, written)
    return keys, {namespace: written}


def wrong_metric(own, namespace, metric, dimensions):
    """Why nothing writes a metric, if so."""
    if namespace in METRICS:
        return None if metric in METRICS[namespace] else f"{namespace} has no metric {metric}"
    if namespace not in own:
        return f"nothing writes metrics to {namespace}"
    if own[namespace].get(metric) != dimensions:
        return f"log lines have no metric {metric} by {dimensions}"
    return None


def written_out(metrics):
    """The metrics of a widget without abbreviations: namespace, name, and pairs of dimension and value."""
    before = []
    for each in metrics:
        fields = [field for field in each if isinstance(field, str)]
        if fields[:1] == ["..."]:
            fields = before[: len(before) - len(fields) + 1] + fields[1:]
        before = [before[place] if field == "." else field for place, field in enumerate(fields)] or before
        yield before


def unknown_keys(query, keys):
    """The names in a query of Logs Insights that are no keys of log lines."""
    query = re.sub(r"SOURCE '[^']*'|/[^/]*/|@\w+|\w+(?=\()", "", query)
    return set(re.findall(r"\b[a-z_]\w*", query)) - keys - QUERY_WORDS


def metrics(stack):
    """Each metric exists: AWS writes it, or log lines have it. Each alarm tells somebody."""
    keys, own = lines()
    for name, alarm in stack.of("AWS::CloudWatch::Alarm").items():
        used = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
        for metric in used or [alarm]:
            dimensions = [d["Name"] for d in metric["Dimensions"]]
            wrong = wrong_metric(own, str(metric["Namespace"]), metric["MetricName"], dimensions)
            if wrong:
                yield f"{name}: {wrong}"
        if len(used) > 9:
            yield f"{name}: an alarm has at most ten metrics with its expression"
        if alarm.get("AlarmActions") != [{"Ref": "Alarms"}]:
            yield f"{name} tells nobody"
    text, parts = stack.of("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
    for part, value in parts.items():
        text = text.replace(f"${{{part}}}", value["Fn::Sub"])
    try:
        widgets = json.loads(text)["widgets"]
    except ValueError as error:
        yield f"Dashboard: {error}"
        return
    if len(widgets) > 12:
        yield f"Dashboard: {len(widgets)} widgets are more than 12"
    for name in re.findall(r"\$\{(\w+)\}", text):
        if name not in stack.resources:
            yield f"Dashboard: there is no {name}"
    for widget in (each["properties"] for each in widgets):
        for namespace, metric, *dimensions in written_out(widget.get("metrics", [])):
            wrong = wrong_metric(own, namespace, metric, dimensions[::2])
            if wrong:
                yield f"Dashboard, {widget['title']}: {wrong}"
        for key in unknown_keys(widget.get("query", ""), keys):
            yield f"Dashboard, {widget['title']}: log lines have no {key}"


def parameters(stack):
    """Parameters take what they must, and refuse the rest."""
    for name, (good, bad) in EXAMPLES.items():
        pattern = stack.parameters[name]["AllowedPattern"]
        for value in good:
            if not re.fullmatch(pattern, value):
                yield f"{name} refuses `{value}`"
        for value in bad:
            if re.fullmatch(pattern, value):
                yield f"{name} takes `{value}`"
    for name, each in stack.parameters.items():
        if "AllowedPattern" in each and ("ConstraintDescription" not in each or name not in EXAMPLES):
            yield f"{name}: a pattern needs a ConstraintDescription, and examples in this file"


def capacities(stack):
    """Capacities are ones that Aurora has, and a proxy does not meet a database that pauses."""
    least = [float(each) for each in stack.parameters["MinCapacity"]["AllowedValues"]]
    most = [float(each) for each in stack.parameters["MaxCapacity"]["AllowedValues"]]
    for value in least + most:
        if value % 0.5 or not 0 <= value <= 256:
            yield f"{value} is not a capacity"
    if max(least) > min(most):
        yield "MinCapacity may exceed MaxCapacity"
    refused = {"Fn::Not": [{"Fn::Equals": [{"Ref": "MinCapacity"}, "0"]}]}
    rule = stack.rules.get("ProxyKeepsTheDatabaseAwake", {})
    if rule.get("RuleCondition") != {"Fn::Equals": [{"Ref": "UseProxy"}, "true"]} or rule["Assertions"][0]["Assert"] != refused:
        yield "UseProxy may meet MinCapacity 0"
    for name, each in stack.of("AWS::ApplicationAutoScaling::ScalableTarget").items():
        readers = sum("DependsOn" in stack.resources[instance] for instance in stack.of("AWS::RDS::DBInstance"))
        if each["MinCapacity"] != readers or stack.parameters["MaxReaders"]["MaxValue"] > 15:
            yield f"{name}: there are 1 to 15 readers, and {readers} in this template"


def connections(stack):
    """The connections that functions may open fit into the limits of roles, proxy and database."""
    migration = next((ROOT / "migrations").glob("*_create_reader_roles.up.sql")).read_text()
    limits = {role: int(n) for role, n in re.findall(r"\('interview_(\w+)', (\d+)\)", migration)}
    most = stack.parameters["ReservedConcurrency"]["MaxValue"]
    reserving = {"ReservedConcurrency": str(most)}
    used = {"catalogue": 0, "rentals": 0, "migrator": 0}
    for name, function in stack.of("AWS::Lambda::Function").items():
        given = function.get("Environment", {}).get("Variables", {})
        if "DB_SECRET_ID" not in given:
            continue
        role = given["DB_SECRET_ID"]["Ref"].removesuffix("Secret").lower()
        reserved = function.get("ReservedConcurrentExecutions")
        reserved = int(reserving.get(reserved["Ref"], 0)) if isinstance(reserved, dict) else reserved
        if not reserved:
            yield f"{name} opens any number of connections"
            continue
        used[role] += reserved * int(given.get("DB_POOL_SIZE", 1))
    for role, limit in limits.items():
        if used[role] > limit:
            yield f"functions open {used[role]} connections as interview_{role}, of which {limit} are allowed"
    for capacity in stack.parameters["MaxCapacity"]["AllowedValues"]:
        for least in stack.parameters["MinCapacity"]["AllowedValues"]:
            allowed = MAX_CONNECTIONS[int(capacity)]
            if float(least) <= 0.5:
                allowed = min(allowed, MAX_CONNECTIONS_OF_A_SMALL_MINIMUM)
            for each in stack.of("AWS::RDS::DBProxyTargetGroup").values():
                percent = each["ConnectionPoolConfigurationInfo"]["MaxConnectionsPercent"]
                if sum(limits.values()) > allowed * percent // 100:
                    yield f"the proxy opens fewer connections than the roles have, at {capacity} ACU"
                if allowed * (100 - percent) // 100 < used["migrator"] + OTHER_CONNECTIONS:
                    yield f"the proxy leaves too few connections, at {capacity} ACU"
            if sum(limits.values()) + used["migrator"] + OTHER_CONNECTIONS > allowed:
                yield f"{allowed} connections at {capacity} ACU are too few"


def releases(stack, later):
    """A deployment publishes a version of each function, whatever has changed."""
    versions = later.of("AWS::Lambda::Version")
    for name, version in stack.of("AWS::Lambda::Version").items():
        function = version["FunctionName"]["Ref"]
        before, after = (s.of("AWS::Lambda::Function")[function].get("Description") for s in (stack, later))
        if name in versions or before == after:
            yield f"{function} keeps its version when only a parameter changes"


# How a stack is deployed: the transform does not depend on these parameters.
MODES = [
    {"UseProxy": "true", "ProtectFilms": "false", "ReservedConcurrency": "16"},
    {"UseProxy": "true", "ProtectFilms": "true", "ReservedConcurrency": "16"},
    {"UseProxy": "false", "ProtectFilms": "false", "ReservedConcurrency": "16"},
]
CHECKS = {
    check.__name__: check
    for check in (
        routes, functions, variables, schedules, events, deployments, metrics, parameters, capacities,
        connections, releases,
    )
}


def problems(text, names=CHECKS):
    """What the checks of these names find, in every mode."""
    template = transform(text)
    stacks = [Stack(template, **mode) for mode in MODES]
    found = set()
    for name in names:
        if name == "releases":
            later = Stack(transform(text, Release="abcdef0123"), **MODES[0])
            found |= set(releases(stacks[0], later))
        else:
            found |= {problem for stack in stacks for problem in CHECKS[name](stack)}
    return sorted(found)


def missed(text):
    """The mutations that their check does not find, and the checks without one."""
    from mutations import MUTATIONS

    print(f"mutations: {len(MUTATIONS)}")
    for check, before, after in MUTATIONS:
        if before not in text:
            yield f"{check}: there is no `{before}` to change"
        elif not problems(text.replace(before, after, 1), [check]):
            yield f"{check} misses `{before}` → `{after}`"
    for check in CHECKS.keys() - {check for check, _, _ in MUTATIONS}:
        yield f"{check} has no mutation"


def main():
    text = SOURCE.read_text()
    print(f"our own checks: {len(CHECKS)}")
    found = problems(text)
    if not found and "--self-test" in sys.argv:
        found = list(missed(text))
    for problem in found:
        print(f"  {problem}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
