"""The whole document, and the examples in it."""

import json
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler.openapi.merge import OpenAPIMerge
from aws_lambda_powertools.event_handler.openapi.models import Server, ServerVariable, Tag

from tests.local.template import read_template
from tests.openapi.problems import GATEWAY_MESSAGE, PROBLEM, examples
from tests.openapi.routes import ACCEPT_LANGUAGE, REQUEST_ID_HEADER, schema_of
from tests.openapi.security import oauth, operator_oauth
from tests.unit.functions.function_app import HTTP_FUNCTIONS, open_app
from tests.unit.functions.story import MOMENTS, advance

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
Json = dict[str, Any]

DESCRIPTION = """\
Electronic stamp duty (*e-meterai*) in four calls: **buy** (`POST /v1/orders`), **upload**
(`POST /v1/documents`), **stamp** (`POST /v1/stampings`), **fetch** (`GET /v1/stampings/{id}`).

- **Retry anything.** A write carries an `Idempotency-Key`. A request with the same key and body
  takes effect once, however often it is sent, and has the same answer.
- **Ask again** after `poll_after_ms`; where it is null, no change is expected.
- **Errors** are RFC 9457 problems with a stable `code`.
- **Sentences** (`message`, `title`, `detail`) are in one language, that of `Content-Language`:
  Indonesian, or English if `Accept-Language` prefers `en`.
- **Who asks us** about an answer names its `Meterai-Request-Id`.
- **Versions**: `/v1` changes only by what a client may ignore: new operations, optional fields,
  members of answers, codes of problems, values of lists. What is to go is `deprecated` here and its
  answers say since when and until when (`Deprecation`, RFC 9745; `Sunset`, RFC 8594), at least six
  months ahead. Anything else is a `/v2`, beside which `/v1` stays for a year.
- **Money** is whole rupiah. **Time** is UTC (RFC 3339), as `2026-12-31T16:59:59Z`, with a fraction
  where it has one. **Places** on a page are points (1/72 inch) from its lower left corner as
  displayed.
"""
TAGS = {
    "documents": "PDFs, named by their SHA-256 and uploaded straight to storage.",
    "waiting-room": "Tickets while buying is paused.",
    "orders": "Buying e-meterai, and how many are left.",
    "stampings": "Putting e-meterai on documents.",
    "verification": "Whether an e-meterai or a stamped file is genuine.",
    "receipts": "Public keys of deadline receipts.",
    "refunds": "Getting money back for e-meterai that were not used.",
    "portals": "Portals' deadlines, and whether they can still be met.",
    "ledger": "Where each rupiah of an account is.",
    "operators": "For operators, who sign in in person. Each request is in the audit trail.",
    "gateway": "For the payment gateways, which sign what they send.",
}


def describe() -> Json:
    """The whole document."""
    template = read_template(TEMPLATE)
    merge = OpenAPIMerge(
        title="Meterai",
        version="1.0.0",
        summary="Electronic stamp duty: purchase, stamping, verification and refund",
        description=DESCRIPTION,
        tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
        servers=[
            Server(
                url="https://{host}",
                description="`ApiUrl` in the outputs of the stack, or the public host",
                variables={"host": ServerVariable(default="meterai.example")},
            )
        ],
        on_conflict="error",
    )
    for function in HTTP_FUNCTIONS:
        merge.add_schema(schema_of(function, template))
    document = merge.get_openapi_schema()
    components = document["components"]
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        del components["schemas"][name]  # Powertools' own form of an error, which we never answer
    components["schemas"] |= {"Problem": PROBLEM, "GatewayMessage": GATEWAY_MESSAGE}
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["examples"] = examples()
    components["headers"] = {"RequestId": REQUEST_ID_HEADER}
    components["parameters"] = {"AcceptLanguage": ACCEPT_LANGUAGE}
    components["securitySchemes"] = {"token": oauth(template), "operator": operator_oauth(template)}
    document["paths"] = dict(sorted(document["paths"].items()))
    _add_examples(document)
    return document


def text_of(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _add_examples(document: Json) -> None:
    """Runs the story, and records each HTTP function's request and answer as examples."""
    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    with open_app() as app:
        for moment in MOMENTS:
            event = advance(app, moment)
            operation = operations.get(event.get("routeKey", ""))
            if operation is None:
                app.invoke(moment, event)
                continue
            event["headers"]["accept-language"] = "en"
            answer = app.request(event)
            for parameter in operation.get("parameters", ()):
                given = {**event["headers"], **event.get("pathParameters", {})}
                if parameter.get("name") in given:
                    parameter["example"] = given[parameter["name"]]
            if "requestBody" in operation:
                body = operation["requestBody"]["content"]["application/json"]
                body["example"] = json.loads(event["body"])
            content = operation["responses"][str(answer.status)]["content"]
            if "application/json" in content:
                content["application/json"]["example"] = answer.json
