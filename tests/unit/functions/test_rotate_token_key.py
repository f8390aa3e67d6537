"""Every hour: the next key of tickets and links, when it is due."""

from datetime import timedelta

from meterai.domain.token_keys import KNOWN_BEFORE, SIGNS_FOR
from tests.fakes.token_keys import FIRST
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import FOLLOW, before

SAMPLE = sample("rotate_token_key")


def test_the_first_run_makes_a_key_and_the_next_none_for_three_months(
    memory_app: FunctionApp,
) -> None:
    first = memory_app.invoke("rotate_token_key", SAMPLE)
    assert len(first["key_ids"]) == 2
    assert first["key_ids"][0] == FIRST.key_id
    assert memory_app.invoke("rotate_token_key", SAMPLE) == first
    memory_app.state.now += KNOWN_BEFORE + SIGNS_FOR - timedelta(minutes=1)
    assert len(memory_app.invoke("rotate_token_key", SAMPLE)["key_ids"]) == 3


def test_links_and_tickets_live_through_a_rotation_and_not_through_a_leak(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "refund_status")
    memory_app.invoke("rotate_token_key", SAMPLE)
    memory_app.state.now += KNOWN_BEFORE
    assert memory_app.request(sample("refund_status")).status == 200
    link = memory_app.request(sample("read_refund")).json["follow_url"]
    assert FOLLOW not in link
    replaced = memory_app.invoke("rotate_token_key", {"has_leaked": True})
    assert len(replaced["key_ids"]) == 1
    assert memory_app.request(sample("refund_status")).status == 404


def test_only_true_replaces_all_keys(memory_app: FunctionApp) -> None:
    for event in ({"has_leaked": "true"}, {"has_leaked": 1}, {}):
        assert FIRST.key_id in memory_app.invoke("rotate_token_key", event)["key_ids"]
