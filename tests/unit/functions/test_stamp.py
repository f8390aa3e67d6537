from datetime import timedelta

import pytest

from meterai.domain.errors import MeteraiError, SignatureMismatch, Unavailable
from meterai.domain.flow import Lane
from meterai.domain.stampings import SerialState, VoidReason
from meterai.entry.queue import EARLY_TRIES
from tests.fakes.world import fails
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, DOCUMENT, ORDER, SERIAL, before
from tests.unit.functions.test_offer_upload import SHA256

RECORD = sample("stamp")["Records"][0]
COMES_AGAIN = {"batchItemFailures": [{"itemIdentifier": RECORD["messageId"]}]}
STAMPED_SHA256 = "7b6d36d4a7c0c62f2ed8af1103b5b3bc68676c41ff3b64c504f23f450f01febc"


def test_the_document_is_stamped_and_stored(office: StampOffice) -> None:
    before(office, "stamp")
    assert office.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    one = office.world.serials[SERIAL]
    assert (one.state, one.outputs, one.clock) == (SerialState.STAMPED, (STAMPED_SHA256,), None)
    assert office.world.stamped[SERIAL].startswith(DOCUMENT)
    assert office.world.signed == [SERIAL]


def test_the_sample_of_the_queue_is_what_was_queued(office: StampOffice) -> None:
    before(office, "stamp")
    (letter,) = office.world.stamping_lane
    assert sample("stamp")["Records"][0]["body"] == letter.message.model_dump_json()


def test_a_message_that_comes_twice_signs_once(office: StampOffice) -> None:
    before(office, "stamp")
    for _ in range(2):
        assert office.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    assert office.world.signed == [SERIAL]


def test_one_message_that_fails_does_not_take_its_neighbours_along(office: StampOffice) -> None:
    before(office, "stamp")
    event = sample("stamp.one_fails")
    assert office.invoke("stamp", event) == {
        "batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]
    }
    assert office.world.serials[SERIAL].state is SerialState.STAMPED


def test_what_the_key_service_did_not_sign_comes_again_when_its_claim_has_lapsed(
    office: StampOffice,
) -> None:
    before(office, "stamp")
    office.world.hook = fails("Stamper.stamp", Unavailable(party="kms"))
    assert office.invoke("stamp", sample("stamp")) == COMES_AGAIN
    [(receipt, (lane, after))] = office.world.come_again.items()
    assert (receipt, lane) == (RECORD["receiptHandle"], Lane.STAMPING)

    office.world.hook = fails("nothing", Unavailable())
    office.world.pass_time(after)
    assert office.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    assert office.world.serials[SERIAL].state is SerialState.STAMPED


def test_what_was_urgent_comes_again_as_urgent(office: StampOffice) -> None:
    """With the receipt of one queue nothing can be asked of another."""
    before(office, "stamp")
    office.world.hook = fails("Stamper.stamp", Unavailable(party="kms"))
    assert office.invoke("stamp", sample("stamp.urgent")) == COMES_AGAIN
    [(lane, _)] = office.world.come_again.values()
    assert lane is Lane.URGENT


def test_a_message_that_came_before_its_claim_has_lapsed_would_be_taken_for_done(
    office: StampOffice,
) -> None:
    before(office, "stamp")
    office.world.hook = fails("Stamper.stamp", Unavailable(party="kms"))
    office.invoke("stamp", sample("stamp"))
    office.world.hook = fails("nothing", Unavailable())
    office.world.pass_time(timedelta(minutes=1))
    assert office.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    assert office.world.serials[SERIAL].state is SerialState.RESERVED


@pytest.mark.parametrize(
    ("tries", "error"), [(EARLY_TRIES + 1, Unavailable(party="kms")), (1, SignatureMismatch())]
)
def test_what_fails_on_and_what_is_ours_to_mend_waits_the_queues_own_time(
    office: StampOffice, tries: int, error: MeteraiError
) -> None:
    before(office, "stamp")
    office.world.hook = fails("Stamper.stamp", error)
    event = sample("stamp")
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(tries)
    assert office.invoke("stamp", event) == COMES_AGAIN
    assert office.world.come_again == {}


def test_where_the_queue_does_not_answer_either_the_message_still_comes_again(
    office: StampOffice,
) -> None:
    before(office, "stamp")
    office.break_down(Unavailable(party="everybody"))
    assert office.invoke("stamp", sample("stamp")) == COMES_AGAIN
    assert office.world.come_again == {}


def test_a_document_that_is_refused_here_sets_its_emeterai_free(office: StampOffice) -> None:
    before(office, "stamp")
    office.world.documents[ACCOUNT, SHA256] = b"another file"
    assert office.invoke("stamp", sample("stamp")) == {"batchItemFailures": []}
    answer = office.request(sample("read_stamping"))
    assert answer.status == 200
    assert answer.json == {
        "stamping_id": SERIAL,
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
        "preserved_url": None,
        "repaired": False,
        "findings": [],
        "void_reason": VoidReason.DOCUMENT_REFUSED,
        "void_code": "document_hash_mismatch",
        "receipt": None,
        "position": None,
        "estimate": None,
        "poll_after_ms": None,
    }
    assert not office.world.orders[ORDER].slots
