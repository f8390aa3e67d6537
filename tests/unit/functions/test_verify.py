from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import SERIAL, before
from tests.unit.functions.test_create_upload import SHA256
from tests.unit.functions.test_stamp import STAMPED_SHA256


def test_a_stamped_file_is_genuine(memory_app: FunctionApp) -> None:
    before(memory_app, "verify")
    answer = memory_app.request(sample("verify"))
    assert (answer.status, answer.json) == (
        200,
        {
            "document": STAMPED_SHA256,
            "verdict": "genuine",
            "stamps": [
                {
                    "serial": SERIAL,
                    "verdict": "genuine",
                    "stamped_at": "2026-11-24T02:01:00Z",
                }
            ],
        },
    )


def test_the_file_as_it_was_before_is_not_stamped(memory_app: FunctionApp) -> None:
    before(memory_app, "verify")
    answer = memory_app.request(sample("verify.not_stamped"))
    assert (answer.status, answer.json) == (
        200,
        {"document": SHA256, "verdict": "not_stamped", "stamps": []},
    )
