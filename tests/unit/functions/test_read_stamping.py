from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import SERIAL, before
from tests.unit.functions.test_request_stamping import RESERVED
from tests.unit.functions.test_stamp import STAMPED_SHA256


def test_a_waiting_stamping_says_when_to_poll_again(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    answer = memory_app.request(sample("read_stamping"))
    assert (answer.status, answer.json) == (200, RESERVED)


def test_a_stamped_document_can_be_downloaded(memory_app: FunctionApp) -> None:
    before(memory_app, "read_stamping")
    answer = memory_app.request(sample("read_stamping"))
    assert answer.status == 200
    assert answer.json == RESERVED | {
        "state": "stamped",
        "promised_by": None,
        "stamped_at": "2026-11-24T02:01:00Z",
        "stamped_sha256": STAMPED_SHA256,
        "download_url": f"https://documents.example/stamped/{SERIAL}.pdf",
        "position": None,
        "estimate": None,
        "poll_after_ms": None,
    }
