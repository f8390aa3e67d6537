from meterai.domain.stampings import SerialState, VoidReason
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, DOCUMENT, ORDER, SERIAL, before
from tests.unit.functions.test_offer_upload import SHA256

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
        "poll_after_ms": None,
    }
    assert not office.world.orders[ORDER].slots
