from datetime import timedelta

import pytest

from meterai.domain.errors import MeteraiError, SignatureMismatch, Unavailable
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import MAX_EARLY_TRIES
from tests.fakes.in_memory_state import fails
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, DOCUMENT, ORDER, SERIAL, before
from tests.unit.functions.test_create_upload import SHA256

RECORD = sample("stamp")["Records"][0]
COMES_AGAIN = {"batchItemFailures": [{"itemIdentifier": RECORD["messageId"]}]}
STAMPED_SHA256 = "7b6d36d4a7c0c62f2ed8af1103b5b3bc68676c41ff3b64c504f23f450f01febc"
STAMPED = Output(STAMPED_SHA256, 86)


def test_the_document_is_stamped_and_stored(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    assert memory_app.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    one = memory_app.state.serials[SERIAL]
    assert (one.state, one.outputs, one.timer) == (SerialState.STAMPED, (STAMPED,), None)
    assert memory_app.state.stamped[SERIAL].startswith(DOCUMENT)
    assert memory_app.state.signed == [SERIAL]


def test_the_sample_event_equals_the_message_that_was_queued(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    (letter,) = memory_app.state.stamping_lane
    assert sample("stamp")["Records"][0]["body"] == letter.message.model_dump_json()


def test_a_message_delivered_twice_is_signed_once(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    for _ in range(2):
        assert memory_app.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    assert memory_app.state.signed == [SERIAL]


def test_one_message_that_fails_does_not_fail_the_others_of_its_batch(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "stamp")
    event = sample("stamp.one_fails")
    assert memory_app.invoke("stamp", event) == {
        "batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]
    }
    assert memory_app.state.serials[SERIAL].state is SerialState.STAMPED


def test_a_stamping_that_kms_did_not_sign_is_delivered_again_after_its_claim_expired(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "stamp")
    memory_app.state.hook = fails("Stamper.stamp", Unavailable(party="kms"))
    assert memory_app.invoke("stamp", sample("stamp")) == COMES_AGAIN
    [(receipt, (lane, after))] = memory_app.state.retry_after.items()
    assert (receipt, lane) == (RECORD["receiptHandle"], Lane.STAMPING)

    memory_app.state.hook = fails("nothing", Unavailable())
    memory_app.state.pass_time(after)
    assert memory_app.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    assert memory_app.state.serials[SERIAL].state is SerialState.STAMPED


def test_an_urgent_message_is_delivered_again_as_urgent(memory_app: FunctionApp) -> None:
    """A receipt handle of one queue cannot be used at another."""
    before(memory_app, "stamp")
    memory_app.state.hook = fails("Stamper.stamp", Unavailable(party="kms"))
    assert memory_app.invoke("stamp", sample("stamp.urgent")) == COMES_AGAIN
    [(lane, _)] = memory_app.state.retry_after.values()
    assert lane is Lane.URGENT


def test_a_message_delivered_before_its_claim_expired_would_be_taken_for_done(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "stamp")
    memory_app.state.hook = fails("Stamper.stamp", Unavailable(party="kms"))
    memory_app.invoke("stamp", sample("stamp"))
    memory_app.state.hook = fails("nothing", Unavailable())
    memory_app.state.pass_time(timedelta(minutes=1))
    assert memory_app.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    assert memory_app.state.serials[SERIAL].state is SerialState.RESERVED


@pytest.mark.parametrize(
    ("tries", "error"), [(MAX_EARLY_TRIES + 1, Unavailable(party="kms")), (1, SignatureMismatch())]
)
def test_repeated_failures_and_internal_errors_wait_for_the_visibility_timeout(
    memory_app: FunctionApp, tries: int, error: MeteraiError
) -> None:
    before(memory_app, "stamp")
    memory_app.state.hook = fails("Stamper.stamp", error)
    event = sample("stamp")
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(tries)
    assert memory_app.invoke("stamp", event) == COMES_AGAIN
    assert memory_app.state.retry_after == {}


def test_if_the_queue_does_not_answer_either_the_message_is_still_delivered_again(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "stamp")
    memory_app.break_down(Unavailable(party="everybody"))
    assert memory_app.invoke("stamp", sample("stamp")) == COMES_AGAIN
    assert memory_app.state.retry_after == {}


def test_a_document_refused_by_the_worker_frees_its_emeterai(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    memory_app.state.documents[ACCOUNT, SHA256] = b"another file"
    assert memory_app.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    answer = memory_app.request(sample("read_stamping"))
    assert answer.status == 200
    assert answer.json == {
        "stamping_id": SERIAL,
        "order_id": ORDER,
        "state": "void",
        "serials": [SERIAL],
        "placements": [{"page": 3, "x_pt": 400.0, "y_pt": 96.5, "side_pt": 72.0}],
        "document": SHA256,
        "earlier_stamps": 0,
        "portal": "sscasn",
        "requested_at": "2026-11-24T02:01:00Z",
        "promised_by": None,
        "stamped_at": None,
        "stamped_sha256": None,
        "download_url": None,
        "augmented_url": None,
        "repaired": False,
        "findings": [],
        "void_reason": VoidReason.DOCUMENT_REFUSED,
        "void_code": "document_hash_mismatch",
        "receipt": None,
        "position": None,
        "estimate": None,
        "poll_after_ms": None,
    }
    assert not memory_app.state.orders[ORDER].slots
