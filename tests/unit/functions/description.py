"""Every response in a test must be one that `openapi.json` describes."""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS31Validator

from meterai.problems import CONTENT_TYPE
from tests.unit.functions.function_app import FUNCTION_OF_ROUTE, Answer, Event

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "layers/meterai/openapi.json").read_text(encoding="utf-8")
)

PROBLEM_MEMBERS = DOCUMENT["components"]["schemas"]["Problem"]["properties"].keys()

# The codes of the problems answered so far in this process, by function.
ANSWERED: defaultdict[str, set[str]] = defaultdict(set)


def check_against_description(event: Event, answer: Answer) -> None:
    """Checks status, media type and body; also the request's body, if it was accepted."""
    method, path = event["routeKey"].split(" ")
    operation = DOCUMENT["paths"][path][method.lower()]
    described = operation["responses"].get(str(answer.status))
    assert described, f"{event['routeKey']} answers {answer.status}: declare it in `responses=`"
    media_type = answer.headers["Content-Type"].partition(";")[0]
    assert media_type in described["content"], f"{event['routeKey']} answers {media_type}"
    if media_type.endswith("json"):
        _check(described["content"][media_type]["schema"], answer.json)
    if media_type == CONTENT_TYPE:
        undescribed = answer.json.keys() - PROBLEM_MEMBERS
        assert not undescribed, f"add {undescribed} to EXAMPLE_VALUES in tests/openapi/problems.py"
        ANSWERED[FUNCTION_OF_ROUTE[event["routeKey"]]].add(answer.json["code"])
    if answer.status < 300 and "requestBody" in operation and not event["isBase64Encoded"]:
        wanted = operation["requestBody"]["content"]["application/json"]["schema"]
        _check(wanted, json.loads(event["body"]))


def _check(schema: dict[str, Any], body: Any) -> None:
    faults = [fault.message for fault in _validator(json.dumps(schema)).iter_errors(body)]
    assert not faults, faults


@cache
def _validator(schema: str) -> OAS31Validator:
    return OAS31Validator(json.loads(schema) | {"components": DOCUMENT["components"]})
