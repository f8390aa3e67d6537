"""One function's route, with what its own code cannot say of it."""

import importlib
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from meterai.api import PreviewFacts
from meterai.entrypoints.http import REQUEST_ID
from tests.local.template import Template
from tests.openapi.problems import gateway_responses
from tests.openapi.security import scheme_of, scopes_of
from tests.unit.functions.declared import routes_of
from tests.unit.functions.function_app import FUNCTION_OF_ROUTE

Json = dict[str, Any]

# The operations that take an id, and what answers lead to them: where in the body it is.
_NAMES = {
    "order_id": ("read_order", "cancel_order", "request_refund"),
    "stamping_id": ("read_stamping", "read_receipt"),
    "refund_id": ("read_refund", "create_claim_link", "claim_refund"),
}
_PARAMETERS = {operation: name for name, them in _NAMES.items() for operation in them}
_ORDER, _STAMPING, _REFUND = (dict.fromkeys(them, name) for name, them in _NAMES.items())
LINKS = {
    "purchase": _ORDER,
    "read_order": _ORDER | {"read_stamping": "stampings/0", "read_refund": "refunds/0"},
    "list_orders": {"read_order": "orders/0/order_id"},
    "request_stamping": _STAMPING,
    "read_stamping": _STAMPING | {"read_order": "order_id"},
    "list_stampings": {"read_stamping": "stampings/0/stamping_id"},
    "request_refund": _REFUND,
    "read_refund": _REFUND | {"read_order": "order_id"},
    "list_refunds": {"read_refund": "refunds/0/refund_id"},
}


ACCEPT_LANGUAGE: Json = {
    "name": "Accept-Language",
    "in": "header",
    "description": "The language of sentences: `id` (the default) or `en`, with q-values",
    "schema": {"type": "string", "default": "id"},
    "example": "en",
}
REQUEST_ID_HEADER: Json = {
    "description": "What our log calls this request; name it in questions",
    "schema": {"type": "string"},
}
CONTENT_LANGUAGE: Json = {
    "description": "The language of the answer's sentences",
    "schema": {"type": "string", "enum": ["id", "en"]},
}


def schema_of(function: str, template: Template) -> Json:
    """One function's own document, with what its routes themselves cannot say."""
    module = importlib.import_module(f"functions.{function}.app")
    routes = {f"{route.method} {route.openapi_path}": route for route in routes_of(function)}
    for route in routes.values():
        # Powertools describes a route's own answer only if `responses` names its status or is
        # empty.
        answer = {"description": HTTPStatus(route.status_code).phrase}
        route.responses = {**route.responses, route.status_code: answer}
    schema: Json = module.app.get_openapi_schema().model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            route = routes.pop(name)
            assert FUNCTION_OF_ROUTE[name] == function
            operation["operationId"] = route.func.__name__ if len(schema["paths"]) > 1 else function
            about = str(module.__doc__ if len(schema["paths"]) == 1 else route.func.__doc__)
            operation["description"] = _sentence(about)
            scopes = scopes_of(function, method.upper(), path, template)
            _complete(operation, method, route, scopes)
            _add_picture(operation, schema["components"]["schemas"])
    assert not routes
    return schema


def _complete(operation: Json, method: str, route: Any, scopes: Sequence[str]) -> None:
    """What Powertools does not know of a route, or says in its own way."""
    operation["security"] = [{scheme_of(scope): [scope]} for scope in scopes]
    success = {code: answer for code, answer in operation["responses"].items() if code[0] == "2"}
    # As declared: Powertools replaces two of them by its own form of an error, which is not used.
    problems = {
        str(status): declared for status, declared in route.responses.items() if status >= 400
    }
    for answer in (*success.values(), *problems.values()):
        answer["headers"] = answer.get("headers", {}) | {
            "Content-Language": CONTENT_LANGUAGE,
            REQUEST_ID: {"$ref": "#/components/headers/RequestId"},
        }
    for answer in success.values():
        if operation["operationId"] in LINKS:
            answer["links"] = {
                then: {
                    "operationId": then,
                    "parameters": {_PARAMETERS[then]: f"$response.body#/{place}"},
                }
                for then, place in LINKS[operation["operationId"]].items()
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
        **_either(problems, gateway_responses(needs_token=bool(scopes))),
    }
    operation["responses"] = dict(sorted(operation["responses"].items()))
    _add_page(operation)


def _sentence(docstring: str) -> str:
    """Of a function with one route: what follows `METHOD /path: `."""
    about = docstring.partition(": ")[2].strip() or docstring
    return about[0].upper() + " ".join(about[1:].split())


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
