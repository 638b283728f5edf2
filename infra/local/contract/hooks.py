"""What an OpenAPI document cannot say about requests and responses."""

import json
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests
import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Keeps the parameters of a valid request from contradicting each other.

    Requests that are meant to be invalid are sent as they are.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    query = case.query or {}
    # A cursor is valid only after the page that returned it.
    query.pop("cursor", None)
    if str(query.get("limit")) == "0" and "count" not in query:
        del query["limit"]
    if query.get("sort") == "relevance" and "q" not in query:
        del query["sort"]
    for least, most in (("release_year_min", "release_year_max"), ("length_min", "length_max")):
        if least in query and most in query and int(query[least]) > int(query[most]):
            query[least], query[most] = query[most], query[least]
    if "from" in query:
        query.pop("to", None)


@schemathesis.hook
def after_call(context, case, response):
    """Compares items that lack fields, because `fields` picked others, with the whole items.

    The whole items then take their place, and must have all fields that the document requires.
    """
    url = urlsplit(response.request.url)
    query = parse_qsl(url.query, keep_blank_values=True)
    names = [name for name, _ in query]
    if response.status_code != 200 or "fields" not in names or not response.content:
        return
    query = [(name, value) for name, value in query if name not in ("fields", "cursor")]
    whole = requests.get(urlunsplit(url._replace(query=urlencode(query))), timeout=10)
    picked_items, items = json.loads(response.content)["items"], whole.json()["items"]
    if "cursor" not in names:
        assert len(picked_items) == len(items), "fields changes which items are returned"
        for picked, item in zip(picked_items, items):
            assert picked == {name: item[name] for name in picked}, "fields changes a field"
    response.content = whole.content
