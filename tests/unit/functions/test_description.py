import json

import pytest
from openapi_spec_validator import validate

from tests.openapi.document import describe, text_of
from tests.unit.functions.description import DOCUMENT, check_against_description
from tests.unit.functions.function_app import Answer, sample
from tests.unit.functions.test_purchase import ORDERED

JSON = {"Content-Type": "application/json"}


def test_the_description_is_made_from_the_functions() -> None:
    described = json.loads(text_of(describe()))
    assert described == DOCUMENT, "run python -m tests.openapi"


def test_the_description_is_valid_openapi() -> None:
    validate(DOCUMENT)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(418, JSON, json.dumps(ORDERED).encode()),
        Answer(201, {"Content-Type": "text/html"}, b"<p>"),
        Answer(201, JSON, json.dumps(ORDERED | {"state": "dreamt"}).encode()),
        Answer(409, {"Content-Type": "application/problem+json"}, b"{}"),
    ],
)
def test_a_response_that_is_not_described_is_detected(answer: Answer) -> None:
    with pytest.raises(AssertionError):
        check_against_description(sample("purchase"), answer)


def test_a_quantity_is_described_as_it_is_checked() -> None:
    """A quantity outside has a problem of its own, so the model itself does not refuse it."""
    quantity = DOCUMENT["components"]["schemas"]["OrderRequest"]["properties"]["quantity"]
    assert (quantity["minimum"], quantity["maximum"]) == (1, 8)


def test_every_answer_of_ours_names_its_request() -> None:
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                ours = any(kind != "application/json" for kind in answer["content"])
                if ours or status[0] == "2":
                    assert "Meterai-Request-Id" in answer["headers"], (path, status)
