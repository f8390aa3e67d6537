"""One function's route, with what its own code cannot say of it."""

import importlib
from http import HTTPStatus
from typing import Any

from meterai.api import PreviewFacts
from tests.local.template import Template
from tests.openapi.problems import gateway_responses
from tests.openapi.security import scopes_of
from tests.unit.functions.declared import route_of
from tests.unit.functions.function_app import FUNCTION_OF_ROUTE

Json = dict[str, Any]

# What an answer leads to: the operation, and the parameter it takes from the answer's body.
LINKS = {
    "purchase": {
        "read_order": "order_id",
        "cancel_order": "order_id",
        "request_refund": "order_id",
    },
    "request_stamping": {"read_stamping": "stamping_id"},
    "request_refund": {"read_refund": "refund_id", "create_claim_link": "refund_id"},
}


ACCEPT_LANGUAGE: Json = {
    "name": "Accept-Language",
    "in": "header",
    "description": "The language of sentences: `id` (the default) or `en`, with q-values",
    "schema": {"type": "string", "default": "id"},
    "example": "en",
}
CONTENT_LANGUAGE: Json = {
    "description": "The language of the answer's sentences",
    "schema": {"type": "string", "enum": ["id", "en"]},
}


def schema_of(function: str, template: Template) -> Json:
    """One function's own document, with what the route itself cannot say."""
    module = importlib.import_module(f"functions.{function}.app")
    route = route_of(function)
    # Powertools describes a route's own answer only if `responses` names its status or is empty.
    answer = {"description": HTTPStatus(route.status_code).phrase}
    route.responses = {**route.responses, route.status_code: answer}
    schema: Json = module.app.get_openapi_schema().model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    (((path, methods),)) = schema["paths"].items()
    (((method, operation),)) = methods.items()
    about = str(module.__doc__).partition(": ")[2].strip()
    operation["operationId"] = function
    operation["description"] = about[0].upper() + " ".join(about[1:].split())
    scopes = scopes_of(function, template)
    operation["security"] = [{"token": [scope]} for scope in scopes]
    success = {code: answer for code, answer in operation["responses"].items() if code[0] == "2"}
    # As declared: Powertools replaces two of them by its own form of an error, which is not used.
    problems = {
        str(status): declared for status, declared in route.responses.items() if status >= 400
    }
    for answer in success.values():
        answer["headers"] = {"Content-Language": CONTENT_LANGUAGE}
        if function in LINKS:
            answer["links"] = {
                then: {"operationId": then, "parameters": {name: f"$response.body#/{name}"}}
                for then, name in LINKS[function].items()
            }
    operation.setdefault("parameters", []).append(
        {"$ref": "#/components/parameters/AcceptLanguage"}
    )
    if method == "post" and "requestBody" not in operation:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    operation["responses"] = {
        **success,
        **_either(
            problems,
            gateway_responses(needs_token=bool(scopes)),
        ),
    }
    operation["responses"] = dict(sorted(operation["responses"].items()))
    _add_page(operation)
    _add_picture(operation, schema["components"]["schemas"])
    assert FUNCTION_OF_ROUTE[f"{method.upper()} {path}"] == function
    return schema


def _either(ours: Json, gateways: Json) -> Json:
    """Both, by status; where either may answer with it, it looks like one of the two."""
    return {
        status: gateways.get(status, {})
        | ours.get(status, {})
        | {
            "content": gateways.get(status, {}).get("content", {})
            | ours.get(status, {}).get("content", {})
        }
        for status in {**ours, **gateways}
    }


def _add_page(operation: Json) -> None:
    """Where an answer may be text too, that is a page for people, whatever the status."""
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    match content.get("schema"):
        case {"anyOf": [model, {"type": "string"} as page]}:
            content["schema"] = model
            for status in ("200", "404"):
                operation["responses"][status]["content"]["text/html"] = {"schema": page}


def _add_picture(operation: Json, schemas: Json) -> None:
    """Where an answer is a picture, its facts are in a header."""
    if operation["operationId"] == "preview":
        place = "#/components/schemas/{model}"
        facts = PreviewFacts.model_json_schema(ref_template=place, mode="serialization")
        schemas |= {**facts.pop("$defs"), "PreviewFacts": facts}
        answer = operation["responses"]["200"]
        answer["content"] = {"image/png": {"schema": {"type": "string", "format": "binary"}}}
        answer["headers"] |= {
            "Meterai-Preview": {
                "description": "JSON in ASCII",
                "content": {
                    "application/json": {"schema": {"$ref": place.format(model="PreviewFacts")}}
                },
            }
        }
