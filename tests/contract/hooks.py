"""Schemathesis hooks for the rules that an OpenAPI document cannot express."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import schemathesis
from schemathesis.openapi.checks import JsonSchemaError, RejectedPositiveData

# Which characters are letters, and which texts have a word, no pattern can tell in every language.
UNTOLD = {
    "q": "must have a word to search for",
    "title": "must have at least three letters or digits",
}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes the parameters of a valid request fit together. Invalid requests are sent unchanged."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    query = case.query or {}
    # A generated cursor is never valid: cursors come from a previous page.
    query.pop("cursor", None)
    if str(query.get("limit")) == "0" and "count" not in query:
        del query["limit"]
    if query.get("sort") == "relevance" and "q" not in query:
        del query["sort"]
    for low, high in (("release_year_min", "release_year_max"), ("length_min", "length_max")):
        if low in query and high in query and int(query[low]) > int(query[high]):
            query[low], query[high] = query[high], query[low]
    # A pattern cannot exclude 31 November.
    for name in ("from", "to"):
        if name in query and not is_date(query[name][:10]):
            del query[name]
    # Both are moments in several formats, which are not easily compared.
    if "from" in query:
        query.pop("to", None)


def is_date(text):
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Accepts that an item lacks required fields, if the request left them out of `fields`, and that
    a text is rejected for what is in it."""
    if isinstance(failure, RejectedPositiveData):
        errors = response.json().get("errors", [])
        return not errors or not all(
            error["reason"].startswith(UNTOLD.get(error["name"], "\n")) for error in errors)
    if not isinstance(failure, JsonSchemaError) or failure.schema_path[-1:] != ["required"]:
        return True
    is_item = len(failure.instance_path) == 2 and failure.instance_path[0] == "items"
    sent = parse_qs(urlsplit(response.request.url).query).get("fields")
    if not is_item or sent is None:
        return True
    # An item has every field that was requested; only `rank` depends on the search.
    requested = set(",".join(sent).split(",")) - {"rank"}
    return not requested <= set(failure.instance)
