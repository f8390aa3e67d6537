"""What both gateways' packages do in the same way, whatever their APIs look like."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from meterai.domain.errors import GatewayRefused, PayoutRefused, Unavailable
from meterai.domain.refunds.payouts import BankAccount
from meterai.gateways.midtrans.charges import Midtrans
from meterai.gateways.midtrans.payouts import MidtransPayouts
from meterai.gateways.xendit.charges import Xendit
from meterai.gateways.xendit.payouts import XenditPayouts
from meterai.ports import Gateway, Payouts
from tests.integration.gateways.canned_server import CannedServer

SRI = BankAccount("bca", "1234567890", "SRI WAHYUNI")
REQUEST = (
    '{"id": "pr-1", "reference_id": "ord_A-1", "currency": "IDR", "amount": 12000,'
    ' "status": "PENDING", "created": "2026-09-03T02:00:00Z", "payment_method": {"id": "pm-1"}}'
)


@dataclass(frozen=True)
class Adapters:
    gateway: Callable[[str], Gateway]
    payouts: Callable[[str], Payouts]
    before_expire: tuple[tuple[int, str], ...]  # responses to the requests before


GATEWAYS = {
    "midtrans": Adapters(
        lambda url: Midtrans(url, "key"), lambda url: MidtransPayouts(url, "key"), ()
    ),
    "xendit": Adapters(
        lambda url: Xendit(url, "key"),
        lambda url: XenditPayouts(url, "key"),
        ((200, f'{{"data": [{REQUEST}]}}'),),
    ),
}


@pytest.fixture(params=GATEWAYS)
def adapters(request: pytest.FixtureRequest) -> Adapters:
    return GATEWAYS[request.param]


def refusal(status: int) -> tuple[int, str]:
    return status, f'{{"status_code": "{status}", "error_code": "NO"}}'


def not_found(adapters: Adapters) -> tuple[int, str]:
    return (200, '{"data": []}') if adapters.before_expire else refusal(404)


def test_a_get_without_a_usable_response_is_sent_a_second_time(adapters: Adapters) -> None:
    with CannedServer((503, ""), not_found(adapters)) as server:
        assert adapters.gateway(server.url).status("ord_A-1") is None
    assert [verb for verb, _ in server.requests] == ["GET", "GET"]


def test_a_get_is_not_sent_a_third_time(adapters: Adapters) -> None:
    with CannedServer((503, ""), (200, "<html>")) as server, pytest.raises(Unavailable):
        adapters.gateway(server.url).status("ord_A-1")
    assert len(server.requests) == 2


def test_after_429_nothing_is_sent_again(adapters: Adapters) -> None:
    with CannedServer(refusal(429)) as server, pytest.raises(Unavailable) as unavailable:
        adapters.gateway(server.url).status("ord_A-1")
    assert unavailable.value.values["reason"] == "too_many_requests"
    assert len(server.requests) == 1


def test_a_post_is_sent_once(adapters: Adapters) -> None:
    with CannedServer((503, "")) as server, pytest.raises(Unavailable):
        adapters.payouts(server.url).pay_out("rfd_A-1", SRI, 12_000, "a refund")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [403, 422])
def test_a_refusal_to_expire_a_charge_is_reported(adapters: Adapters, status: int) -> None:
    with CannedServer(*adapters.before_expire, refusal(status)) as server:
        gateway = adapters.gateway(server.url)
        with pytest.raises(GatewayRefused):
            gateway.expire("ord_A-1")
    assert server.requests[-1][0] == "POST"


def test_a_charge_that_is_gone_counts_as_expired(adapters: Adapters) -> None:
    with CannedServer(*adapters.before_expire, refusal(404)) as server:
        adapters.gateway(server.url).expire("ord_A-1")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, PayoutRefused),
        (401, GatewayRefused),
        (403, GatewayRefused),
        (404, GatewayRefused),
        (409, Unavailable),
        (422, GatewayRefused),
        (429, Unavailable),
        (500, Unavailable),
        (302, Unavailable),
    ],
)
def test_only_400_means_that_another_account_is_needed(
    adapters: Adapters, status: int, expected: type[Exception]
) -> None:
    with CannedServer(refusal(status)) as server, pytest.raises(expected):
        adapters.payouts(server.url).pay_out("rfd_A-1", SRI, 12_000, "a refund")
    assert [verb for verb, _ in server.requests] == ["POST"]


@pytest.mark.parametrize("status", [400, 404])
def test_an_account_that_the_bank_does_not_have_has_no_holder(
    adapters: Adapters, status: int
) -> None:
    with CannedServer(refusal(status)) as server:
        assert adapters.payouts(server.url).holder_of("bca", "1") is None


def test_another_refusal_says_nothing_about_the_holder(adapters: Adapters) -> None:
    with CannedServer(refusal(403)) as server, pytest.raises(GatewayRefused):
        adapters.payouts(server.url).holder_of("bca", "1")
