"""What parameters must be to each other, which no OpenAPI document can say.

Only for requests that are meant to be right: those meant to be wrong go out as they are.
"""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    query = case.query or {}
    # A cursor is only right after the page that gave it.
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
