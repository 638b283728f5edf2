"""An issuer of tokens on this machine: its key, its documents over HTTP, and tokens of every kind."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

AUDIENCE = "films"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Issuer:
    def __init__(self, url):
        self.url = url
        self.key = new_key()

    def documents(self):
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        keys = {"keys": [jwk | {"kid": "one", "use": "sig", "alg": "RS256"}]}
        return {
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": f"{self.url}keys"},
            "/keys": keys,
        }

    def token(self, key=None, algorithm="RS256", **claims):
        """A valid token, but for these claims."""
        now = int(time.time())
        all_claims = {"iss": self.url, "aud": AUDIENCE, "iat": now - 60, "exp": now + 3600} | claims
        key = None if algorithm == "none" else key or self.key
        return jwt.encode(all_claims, key, algorithm=algorithm, headers={"kid": "one"})


@contextmanager
def started():
    """An issuer whose documents are served until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            document = issuer.documents().get(self.path)
            self.send_response(200 if document else 404)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        # With a slash at the end, as Auth0 has it.
        issuer = Issuer(f"http://127.0.0.1:{server.server_port}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield issuer
        server.shutdown()
