from dataclasses import replace

from meterai.domain.stamping.augmentation import SignatureLevel
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import SERIAL, before

NOTHING_FAILED = {"batchItemFailures": list[dict[str, str]]()}


def stamped_with_a_timestamp(memory_app: FunctionApp) -> None:
    before(memory_app, "stamp")
    reserved = memory_app.state.serials[SERIAL]
    memory_app.state.serials[SERIAL] = replace(reserved, level=SignatureLevel.B_LT)
    memory_app.invoke("stamp", sample("stamp"))


def test_the_sample_event_equals_the_message_that_was_queued(memory_app: FunctionApp) -> None:
    stamped_with_a_timestamp(memory_app)
    (letter,) = memory_app.state.augmentation_lane
    assert sample("augment")["Records"][0]["body"] == letter.message.model_dump_json()


def test_an_augmented_file_is_offered_beside_the_stamped_one(memory_app: FunctionApp) -> None:
    stamped_with_a_timestamp(memory_app)
    before_it = memory_app.request(sample("read_stamping")).json
    assert (before_it["augmented_url"], before_it["promised_by"]) == (None, None)
    for _ in range(2):
        assert memory_app.invoke("augment", sample("augment")) == NOTHING_FAILED
    assert memory_app.request(sample("read_stamping")).json == before_it | {
        "augmented_url": f"https://documents.example/preserved/{SERIAL}.pdf"
    }


def test_a_stamp_that_cannot_be_augmented_now_is_delivered_again(memory_app: FunctionApp) -> None:
    stamped_with_a_timestamp(memory_app)
    memory_app.state.timestamp_servers_answer = False
    event = sample("augment")
    assert memory_app.invoke("augment", event) == {
        "batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]
    }
