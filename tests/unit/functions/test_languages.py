"""Every response is in one language, which it names."""

import pytest

from meterai.problems import PROBLEMS
from tests.unit.functions.function_app import HTTP_FUNCTIONS, FunctionApp, sample
from tests.unit.functions.story import FOLLOW, before
from tests.unit.functions.test_refund_status import of

BROWSER = {"accept": "text/html,*/*", "accept-language": "en-GB,en;q=0.9,id;q=0.8"}


@pytest.mark.parametrize("function", HTTP_FUNCTIONS)
@pytest.mark.parametrize(("accept_language", "language"), [(None, "id"), ("en-US", "en")])
def test_every_route_names_the_language_of_its_response(
    memory_app: FunctionApp, function: str, accept_language: str | None, language: str
) -> None:
    event = sample(function)
    if accept_language:
        event["headers"]["accept-language"] = accept_language
    answer = memory_app.request(event)
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Cache-Control"]
    assert answer.headers["Vary"].split(", ")[-1] == "Accept-Language"


@pytest.mark.parametrize(
    ("accept_language", "message"),
    [("id", "Menunggu pembayaran."), ("en", "Waiting for your payment.")],
)
def test_a_message_is_in_the_requested_language(
    memory_app: FunctionApp, accept_language: str, message: str
) -> None:
    event = sample("purchase")
    event["headers"]["accept-language"] = accept_language
    assert memory_app.request(event).json["message"] == message


@pytest.mark.parametrize("body", ["{}", "not JSON"])
def test_a_problem_is_in_the_requested_language(memory_app: FunctionApp, body: str) -> None:
    event = sample("purchase") | {"body": body}
    event["headers"]["accept-language"] = "en"
    answer = memory_app.request(event)
    assert answer.json["title"] == PROBLEMS[answer.json["code"]].title.en


def test_an_event_without_headers_is_answered_in_indonesian(memory_app: FunctionApp) -> None:
    """Also after a request in English to the same instance."""
    english = sample("purchase")
    english["headers"]["accept-language"] = "en"
    memory_app.request(english)
    event = sample("purchase")
    del event["headers"]
    assert memory_app.request(event).json["title"] == PROBLEMS["internal_error"].title.id


def test_a_page_is_in_one_language(memory_app: FunctionApp) -> None:
    before(memory_app, "refund_status")
    page = memory_app.request(of(FOLLOW, **BROWSER))
    assert page.headers["Vary"] == "Accept, Accept-Language"
    shown = ('<html lang="en">', "Your money is on its way back.", "Rp10,000", "09:15 WIB")
    assert [text in page.text for text in shown] == [True] * 4
    assert "Jumlah" not in page.text
