"""Xendit's notices: whose they are says a token, what they are about says our reference."""

import json

import pytest

from meterai.domain.errors import NoticeRefused
from meterai.domain.identity import ChargeId
from meterai.domain.payments import Notice
from meterai.payments.doors import notice_check_of, notice_reader_of
from meterai.payments.xendit_notice import check_sender, read_notice

PAID = {
    "event": "payment.succeeded",
    "business_id": "6094fa76c2fd53701b8e079c",
    "created": "2021-12-02T14:52:21.566Z",
    "data": {
        "id": "py-1",
        "payment_request_id": "pr-1",
        "reference_id": "ord_A-1",
        "status": "SUCCEEDED",
        "amount": 12_000,
    },
}


def test_a_notice_names_the_charge_and_the_money() -> None:
    assert read_notice(json.dumps(PAID)) == Notice(ChargeId("ord_A-1"), "pr-1")


@pytest.mark.parametrize("request_id", [None, 7, ["pr-1"]])
def test_a_notice_may_name_the_charge_alone(request_id: object) -> None:
    data = {"reference_id": "ord_A-1", "payment_request_id": request_id}
    assert read_notice(json.dumps({"data": data})) == Notice(ChargeId("ord_A-1"), "")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        "{}",
        '{"data": []}',
        '{"data": {}}',
        '{"data": {"reference_id": ""}}',
        '{"data": {"reference_id": 7}}',
        '{"data": {"reference_id": "ord_\\ud800"}}',
        json.dumps(PAID) + " " * 70_000,
    ],
)
def test_a_malformed_notice_is_refused(body: str) -> None:
    with pytest.raises(NoticeRefused):
        read_notice(body)


def test_a_notice_with_our_token_is_the_gateways_own() -> None:
    check_sender({"x-callback-token": "ours"}, "ours")


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, "ours"),
        ({"x-callback-token": ""}, "ours"),
        ({"x-callback-token": "ourst"}, "ours"),
        ({"x-callback-token": "ourś"}, "ours"),
        ({"webhook-id": "ours"}, "ours"),
        ({}, ""),
        ({"x-callback-token": ""}, ""),
    ],
)
def test_a_notice_without_our_token_is_refused_also_where_we_have_none(
    headers: dict[str, str], token: str
) -> None:
    with pytest.raises(NoticeRefused):
        check_sender(headers, token)


def test_the_token_is_looked_at_where_a_notice_arrives_and_is_not_queued_with_it() -> None:
    keys = {"server_key": "key", "callback_token": "ours"}
    body = json.dumps(PAID)
    check, read = notice_check_of("xendit", keys), notice_reader_of("xendit", keys)
    assert check(body, {"x-callback-token": "ours"}) == read(body)
    with pytest.raises(NoticeRefused):
        check(body, {"x-callback-token": "guessed"})
