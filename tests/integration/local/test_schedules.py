"""Schedules: when they fire, and with which event."""

import json
import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.integration.local.asking import Seen
from tests.local.account import LocalAccount
from tests.local.errors import LocalAccountError, TemplateError
from tests.local.schedule_expressions import next_time
from tests.local.schedules import Schedule

MOMENT = datetime(2026, 11, 24, 7, 30, 15, tzinfo=UTC)  # a Tuesday


def test_a_rule_sends_a_scheduled_event(account: LocalAccount, seen: Seen) -> None:
    outcome = account.fire_schedule("TickFunctionEveryMinute")
    assert outcome.error_type is None
    event = seen("aws.events")
    assert event
    assert event["detail-type"] == "Scheduled Event"
    assert event["account"] == account.account_id
    assert event["detail"] == {}
    assert event["resources"] == [
        f"arn:aws:events:ap-southeast-3:{account.account_id}:rule/sample-TickFunctionEveryMinute"
    ]


def test_a_schedule_sends_its_input(account: LocalAccount) -> None:
    outcome = account.fire_schedule("TickFunctionNever")
    arn = (
        f"arn:aws:scheduler:ap-southeast-3:{account.account_id}:"
        "schedule/default/sample-TickFunctionNever"
    )
    assert json.loads(outcome.payload) == {"fired": arn}


def test_a_name_must_mean_one_schedule(account: LocalAccount) -> None:
    with pytest.raises(LocalAccountError, match="names 2 schedules"):
        account.fire_schedule("TickFunction")


def test_a_schedule_fires_by_itself(account: LocalAccount) -> None:
    spec = account.functions["TickFunction"].spec.schedules[0]
    schedule = Schedule(
        spec,
        account.functions,
        account_id=account.account_id,
        region=account.region,
        speed=600.0,  # a minute takes a tenth of a second
    )
    before, _ = account.functions.activity()
    schedule.start()
    waited = threading.Event()
    for _ in range(100):
        if account.functions.activity()[0] >= before + 2:
            break
        waited.wait(0.05)
    schedule.request_stop()
    assert account.functions.activity()[0] >= before + 2


@pytest.mark.parametrize(
    ("expression", "timezone", "expected"),
    [
        ("rate(1 minute)", "UTC", "2026-11-24T07:31:15+00:00"),
        ("rate(5 minutes)", "UTC", "2026-11-24T07:35:15+00:00"),
        ("rate(2 hours)", "UTC", "2026-11-24T09:30:15+00:00"),
        ("cron(* * * * ? *)", "UTC", "2026-11-24T07:31:00+00:00"),
        ("cron(0/15 * * * ? *)", "UTC", "2026-11-24T07:45:00+00:00"),
        ("cron(0 7 * * ? *)", "UTC", "2026-11-25T07:00:00+00:00"),
        ("cron(5,10 8-10 ? * MON-FRI *)", "UTC", "2026-11-24T08:05:00+00:00"),
        ("cron(0 12 ? * SUN *)", "UTC", "2026-11-29T12:00:00+00:00"),
        ("cron(0 12 ? * 1 *)", "UTC", "2026-11-29T12:00:00+00:00"),
        ("cron(0 0 29 FEB ? *)", "UTC", "2028-02-29T00:00:00+00:00"),
        ("cron(0 6 * * ? *)", "Asia/Jakarta", "2026-11-25T06:00:00+07:00"),
    ],
)
def test_the_next_time_of_an_expression(expression: str, timezone: str, expected: str) -> None:
    moment = next_time(expression, timezone)(MOMENT)
    assert moment.astimezone(ZoneInfo(timezone)).isoformat() == expected


@pytest.mark.parametrize(
    "expression",
    ["at(2030-01-01T00:00:00)", "rate(0.5 hours)", "cron(0 0 L * ? *)", "cron(0 0 * * *)", "daily"],
)
def test_an_expression_that_is_not_handled_raises(expression: str) -> None:
    with pytest.raises(TemplateError):
        next_time(expression, "UTC")(MOMENT)


def test_a_time_that_never_comes_raises() -> None:
    with pytest.raises(TemplateError, match="never comes"):
        next_time("cron(0 0 31 2 ? *)", "UTC")(MOMENT)
