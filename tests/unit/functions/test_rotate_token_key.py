"""Every hour: the next key of tickets and links, when it is due."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from meterai.domain.errors import MeteraiError, Unavailable
from meterai.domain.operators import Operator
from meterai.domain.token_keys import KNOWN_BEFORE, SIGNS_FOR
from meterai_cli.token_keys import NotReplaced, replace_token_keys
from tests.fakes.in_memory_state import fails
from tests.fakes.token_keys import FIRST
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import FOLLOW, before

SAMPLE = sample("rotate_token_key")
SRI = Operator("AROAEXAMPLE:sri", "arn:aws:sts::123456789012:assumed-role/operators/sri")


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


class Lambda:
    """Lambda's client: invokes the function here, as API_Invoke describes it."""

    def __init__(self, app: FunctionApp) -> None:
        self.app = app

    def invoke(self, **request: str) -> dict[str, Any]:
        assert request["FunctionName"] == "meterai-RotateTokenKeyFunction-1A2B3C"
        event = json.loads(request["Payload"])
        try:
            returned = self.app.invoke("rotate_token_key", event)
        except MeteraiError as failure:
            payload = json.dumps({"errorMessage": str(failure)}).encode()
            return {"FunctionError": "Unhandled", "Payload": BytesIO(payload)}
        return {"Payload": BytesIO(json.dumps(returned).encode())}


def replaced(app: FunctionApp) -> str:
    trail = app.ports.audit_trail
    function = "meterai-RotateTokenKeyFunction-1A2B3C"
    return replace_token_keys(Lambda(app), function, SRI, trail, "a laptop was stolen")


def test_the_command_replaces_all_keys_and_records_who_did_it_and_why(
    memory_app: FunctionApp,
) -> None:
    key_id = replaced(memory_app)
    assert [key.key_id for key in memory_app.state.token_keys] == [key_id]
    (record,) = memory_app.state.audit_records
    assert (record.operator, record.action.value, record.reason) == (
        SRI,
        "replace_token_keys",
        "a laptop was stolen",
    )


def test_the_command_says_when_nothing_was_replaced(memory_app: FunctionApp) -> None:
    now = memory_app.state.now
    memory_app.ports.leases.take("rotate_token_key", "a run", now, now + KNOWN_BEFORE)
    with pytest.raises(NotReplaced, match="try again"):
        replaced(memory_app)
    memory_app.state.leases.clear()
    memory_app.state.hook = fails("TokenKeys.hold", Unavailable(party="secretsmanager"))
    with pytest.raises(NotReplaced, match="failed"):
        replaced(memory_app)


def test_only_true_replaces_all_keys(memory_app: FunctionApp) -> None:
    for event in ({"has_leaked": "true"}, {"has_leaked": 1}, {}):
        assert FIRST.key_id in memory_app.invoke("rotate_token_key", event)["key_ids"]
