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
