from dataclasses import replace

from meterai.domain.preservation import SignatureLevel
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import SERIAL, before

NOTHING_FAILED = {"batchItemFailures": list[dict[str, str]]()}


def stamped_with_a_timestamp(office: StampOffice) -> None:
    before(office, "stamp")
    reserved = office.world.serials[SERIAL]
    office.world.serials[SERIAL] = replace(reserved, level=SignatureLevel.B_LT)
    office.invoke("stamp", sample("stamp"))


def test_the_sample_of_the_queue_is_what_was_queued(office: StampOffice) -> None:
    stamped_with_a_timestamp(office)
    (letter,) = office.world.preservation_lane
    assert sample("preserve")["Records"][0]["body"] == letter.message.model_dump_json()


def test_a_raised_file_is_offered_beside_the_stamped_one(office: StampOffice) -> None:
    stamped_with_a_timestamp(office)
    before_it = office.request(sample("read_stamping")).json
    assert (before_it["preserved_url"], before_it["promised_by"]) == (None, None)
    for _ in range(2):
        assert office.invoke("preserve", sample("preserve")) == NOTHING_FAILED
    assert office.request(sample("read_stamping")).json == before_it | {
        "preserved_url": f"https://documents.example/preserved/{SERIAL}.pdf"
    }


def test_what_cannot_be_raised_now_comes_again(office: StampOffice) -> None:
    stamped_with_a_timestamp(office)
    office.world.timestamp_servers_answer = False
    event = sample("preserve")
    assert office.invoke("preserve", event) == {
        "batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]
    }
