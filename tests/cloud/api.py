"""What the API answers through ministack's API Gateway: each route, and each kind of token."""

import http.client
import json
import time

from issuer import new_key
from progress import expect, fail, say

RENTALS = "/customers/1/rentals"
# None of them is the default.
CLAIM = "https://example.com/customer"
SCOPE = "films/rentals.read"
CUSTOMER = {CLAIM: 1}


class Api:
    def __init__(self, port, host):
        self.port, self.host = port, host

    def request(self, method, path, **headers):
        """Returns status, headers in lower case and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, headers={"Host": self.host} | headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, body

    def status(self, method, path, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.request(method, path, **headers)[0]


def example(path, operation):
    """A path of the OpenAPI document with the examples of its parameters."""
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
    return path


def routes(api, document, issuer):
    """Each path of the document succeeds for GET and HEAD, and refuses other methods."""
    token = issuer.token(**CUSTOMER)
    for path, operations in document["paths"].items():
        operation = operations["get"]
        url = example(path, operation)
        documented = {int(status) for status in operation["responses"] if status < "400"}
        status, headers, body = api.request("GET", url, Authorization=f"Bearer {token}")
        if status not in documented:
            fail(f"GET {url}: {status} is none of {sorted(documented)}: {body[:300]}")
        say(f"{status}  GET {url}")
        expect(f"HEAD {url}", api.status("HEAD", url, token), status)
        expect(f"DELETE {url}", api.status("DELETE", url, token), 405)
    status, headers, body = api.request("GET", "/nowhere")
    expect("GET /nowhere", status, 404)
    expect("its type", headers["content-type"], "application/problem+json")


def preflight(api):
    """A browser asks before it sends a token."""
    headers = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "GET"}
    status, headers, body = api.request("OPTIONS", RENTALS, **headers)
    if status == 403 and b"CORS not configured" in body:
        # API Gateway does so only for an API with a CORS configuration; this one has routes instead.
        say("OPTIONS is skipped: ministack answers every preflight itself")
        return
    expect(f"OPTIONS {RENTALS}", status, 204)
    expect("the origin that it allows", headers["access-control-allow-origin"], "https://app.example.com")


def rentals(api, issuer):
    """A customer reads their rentals, which takes all that there is: the route, the token and the database."""
    expect(f"GET {RENTALS}", api.status("GET", RENTALS, issuer.token(**CUSTOMER)), 200)


def tokens(api, issuer):
    """The rentals of a customer are for that customer and for staff."""
    past = int(time.time()) - 600
    other_issuer = issuer.url.replace("127.0.0.1", "localhost")
    for what, token, wanted in [
        ("no token", None, 401),
        ("garbage", "a.b.c", 401),
        ("alg none", issuer.token(algorithm="none", **CUSTOMER), 401),
        ("another key", issuer.token(key=new_key(), **CUSTOMER), 401),
        ("expired", issuer.token(exp=past, **CUSTOMER), 401),
        ("another audience", issuer.token(aud="books", **CUSTOMER), 401),
        ("another issuer", issuer.token(iss=other_issuer, **CUSTOMER), 401),
        ("another customer", issuer.token(**{CLAIM: 2}), 403),
        ("another scope", issuer.token(scope="films:read"), 403),
        ("the customer", issuer.token(**CUSTOMER), 200),
        ("the scope of staff", issuer.token(scope=f"films:read {SCOPE}"), 200),
    ]:
        status, _, body = api.request("GET", RENTALS, **({"Authorization": f"Bearer {token}"} if token else {}))
        expect(f"GET {RENTALS} with {what}", status, wanted)
        if status == 200 and not json.loads(body)["items"]:
            fail("customer 1 has no rentals")
