"""The API's description, `layers/meterai/openapi.json`: made from the functions, never by hand.

    python -m tests.openapi            writes it
    python -m tests.openapi --check    says whether it is in step

Paths and models come from the routes, scopes from `template.yaml`, sentences from
`meterai.problems`; the examples are what the functions really answer to `events/<function>.json`.
"""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler.openapi.merge import OpenAPIMerge
from aws_lambda_powertools.event_handler.openapi.models import Server, ServerVariable, Tag

from tests.local.template import Template, read_template
from tests.openapi_problems import GATEWAY_ANSWERS, GATEWAY_MESSAGE, PROBLEM, problem_responses
from tests.unit.functions.stamp_office import FUNCTION_OF_ROUTE, open_office, sample
from tests.unit.functions.story import MOMENTS, advance

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "layers/meterai/openapi.json"
Json = dict[str, Any]

DESCRIPTION = """\
Electronic stamp duty (*e-meterai*) in four calls: **buy** (`POST /v1/orders`), **upload**
(`POST /v1/documents`), **stamp** (`POST /v1/stampings`), **fetch** (`GET /v1/stampings/{id}`).

- **Retry anything.** A write carries an `Idempotency-Key`: the same key is the same intention for
  ever, and its repetition answers what the first try would have.
- **Ask again** after `poll_after_ms`; where it is null, nothing is awaited any more.
- **Errors** are RFC 9457 problems with a stable `code` and a sentence in English and Indonesian.
- **Money** is whole rupiah, **time** is UTC, **places** on a page are points (1/72 inch) from its
  lower left corner as displayed.
"""
TAGS = {
    "documents": "PDFs, named by their SHA-256; they go straight to storage.",
    "orders": "Buying, and what is left.",
    "stampings": "Putting e-meterai on documents.",
    "verification": "Is it genuine?",
    "refunds": "What was not used becomes money again.",
    "books": "Where every rupiah is.",
    "gateway": "For the payment gateway, which signs what it sends.",
}


def describe() -> Json:
    """The whole document."""
    template = read_template(ROOT / "template.yaml")
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
    for function in sorted(FUNCTION_OF_ROUTE.values()):
        merge.add_schema(_schema_of(function, template))
    document = merge.get_openapi_schema()
    components = document["components"]
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        del components["schemas"][name]  # Powertools' own form of an error, which we never answer
    components["schemas"] |= {"Problem": PROBLEM, "GatewayMessage": GATEWAY_MESSAGE}
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["securitySchemes"] = {"token": _oauth(template)}
    document["paths"] = dict(sorted(document["paths"].items()))
    _add_examples(document)
    return document


def _schema_of(function: str, template: Template) -> Json:
    """One function's own document, with what the route itself cannot say."""
    module = importlib.import_module(f"functions.{function}.app")
    schema: Json = module.app.get_openapi_schema().model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    (((path, methods),)) = schema["paths"].items()
    (((method, operation),)) = methods.items()
    about = str(module.__doc__).partition(": ")[2].strip()
    operation["operationId"] = function
    operation["description"] = about[0].upper() + " ".join(about[1:].split())
    scopes = _scopes_of(function, template)
    operation["security"] = [{"token": [scope]} for scope in scopes]
    success = {code: answer for code, answer in operation["responses"].items() if code[0] == "2"}
    for answer in success.values():
        answer["description"] = "Done" if "200" in success else "Accepted"
    needs_key = any(one["name"] == "idempotency-key" for one in operation.get("parameters", ()))
    if method == "post" and "requestBody" not in operation:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    operation["responses"] = {
        **success,
        **problem_responses(function, has_body=method == "post", needs_key=needs_key),
        **(GATEWAY_ANSWERS if scopes else {}),
    }
    operation["responses"] = dict(sorted(operation["responses"].items()))
    assert FUNCTION_OF_ROUTE[f"{method.upper()} {path}"] == function
    return schema


def _scopes_of(function: str, template: Template) -> list[str]:
    name = function.replace("_", " ").title().replace(" ", "") + "Function"
    (event,) = template.resources[name].properties["Events"].values()
    scopes: list[str] = event["Properties"]["Auth"].get("AuthorizationScopes", [])
    return scopes


def _oauth(template: Template) -> Json:
    (server,) = (
        resource.properties
        for resource in template.resources.values()
        if resource.type == "AWS::Cognito::UserPoolResourceServer"
    )
    scopes = {
        f"{server['Identifier']}/{one['ScopeName']}": one["ScopeDescription"]
        for one in server["Scopes"]
    }
    sign_in = "https://sign-in.meterai.example/oauth2"
    person = {scope: text for scope, text in scopes.items() if scope.endswith("/applicant")}
    return {
        "type": "oauth2",
        "description": (
            "A JWT, as `Authorization: Bearer ...`. Applicants sign in (code with PKCE), portals "
            "and operators have a secret. `SignInUrl` in the outputs of the stack is the host."
        ),
        "flows": {
            "authorizationCode": {
                "authorizationUrl": f"{sign_in}/authorize",
                "tokenUrl": f"{sign_in}/token",
                "scopes": person,
            },
            "clientCredentials": {
                "tokenUrl": f"{sign_in}/token",
                "scopes": {scope: text for scope, text in scopes.items() if scope not in person},
            },
        },
    }


def _add_examples(document: Json) -> None:
    """Lives through the story, and notes what each HTTP function was asked and answered."""
    operations = {
        operation["operationId"]: operation
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    with open_office() as office:
        for moment in MOMENTS:
            event = advance(office, moment)
            if moment not in operations:
                office.invoke(moment, event)
                continue
            operation, answer = operations[moment], office.request(event)
            for parameter in operation.get("parameters", ()):
                given = {**event["headers"], **event.get("pathParameters", {})}
                if parameter["name"] in given:
                    parameter["example"] = given[parameter["name"]]
            if "requestBody" in operation:
                body = operation["requestBody"]["content"]["application/json"]
                body["example"] = json.loads(event["body"])
            content = operation["responses"][str(answer.status)]["content"]
            content["application/json"]["example"] = answer.json


def text_of(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write openapi.json, or check that it is in step")
    parser.add_argument("--check", action="store_true")
    text = text_of(describe())
    if not parser.parse_args().check:
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("openapi.json is not what the functions say: run python -m tests.openapi\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
