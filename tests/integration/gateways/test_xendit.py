"""What Xendit does differently from Midtrans. The rest is in `test_outcomes`."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import urllib3

from meterai.domain.errors import (
    ChargeExists,
    GatewayRefused,
    OrderClosed,
    PayoutRefused,
    Unavailable,
)
from meterai.domain.orders.payments import (
    ChargeState,
    Instruction,
    Method,
    RefundOutcome,
    RefundStatus,
    WebhookEvent,
)
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.gateways.xendit.charges import Xendit
from meterai.gateways.xendit.payouts import XenditPayouts
from meterai.gateways.xendit.status_map import charge_status
from meterai.gateways.xendit.webhooks import parse_webhook
from tests.integration.gateways.canned_server import CannedServer
from tests.integration.gateways.merchant import START, ManualClock, Merchant
from tests.integration.gateways.test_same_ways import REQUEST
from tests.midtrans import Fault, FaultKind
from tests.xendit import XenditSimulator

KEY, TOKEN = "xnd_development_test", "a token"
CHARGE = "ord_A-1"
SRI = BankAccount("bca", "1234567890", "SRI WAHYUNI")


@pytest.fixture
def xendit(clock: ManualClock) -> Iterator[XenditSimulator]:
    with XenditSimulator(
        secret_key=KEY,
        callback_token=TOKEN,
        now=clock,
        delay_factor=0.0,
        bank_confirms_after=timedelta(minutes=5),
    ) as simulator:
        yield simulator


@pytest.fixture
def adapter(xendit: XenditSimulator, clock: ManualClock) -> Xendit:
    return Xendit(xendit.url, KEY, now=clock, total_timeout_s=0.3)


def charge(adapter: Xendit, method: Method = Method.QRIS, amount_idr: int = 12_000) -> Instruction:
    return adapter.charge(CHARGE, amount_idr, method, START + timedelta(minutes=15))


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("kind", [FaultKind.LOST_AFTER, FaultKind.NOTHING, FaultKind.SLOW])
def test_a_charge_whose_response_was_lost_is_returned_again_with_its_qr(
    adapter: Xendit, xendit: XenditSimulator, method: Method, kind: FaultKind
) -> None:
    xendit.add_fault(Fault(kind, endpoint="charge", seconds=0.6))
    with pytest.raises(Unavailable):
        charge(adapter, method)
    instruction = charge(adapter, method)
    assert instruction.method is method
    assert instruction.qr_text or (instruction.va_bank, len(instruction.va_number or "")) == (
        "bca",
        16,
    )
    assert charge(adapter, method) == instruction
    assert len(xendit.ledger.latest(9)) == 1


def test_the_same_charge_of_another_amount_is_another_charge(adapter: Xendit) -> None:
    charge(adapter)
    with pytest.raises(ChargeExists):
        charge(adapter, amount_idr=24_000)


def test_nothing_is_charged_after_its_time(
    adapter: Xendit, xendit: XenditSimulator, clock: ManualClock
) -> None:
    clock.forward(minutes=15)
    with pytest.raises(OrderClosed):
        charge(adapter)
    assert xendit.ledger.latest(9) == []


def test_an_unknown_charge_has_no_status(adapter: Xendit) -> None:
    assert adapter.status(CHARGE) is None
    assert adapter.status("pr-unknown") is None
    adapter.expire(CHARGE)
    assert adapter.refund(CHARGE, "rfd_A-1", 1, "requested") is RefundOutcome.UNCLEAR


def test_a_wrong_key_is_refused(xendit: XenditSimulator) -> None:
    with pytest.raises(GatewayRefused):
        charge(Xendit(xendit.url, "guessed", now=lambda: START))


def test_a_qris_code_bears_no_expiry_of_ours_and_is_closed_by_us(
    adapter: Xendit, xendit: XenditSimulator, clock: ManualClock
) -> None:
    """The gateway refuses `expires_at` for this channel; its codes last two days."""
    charge(adapter)
    clock.forward(hours=1)
    status = adapter.status(CHARGE)
    assert status is not None
    assert status.state is ChargeState.PENDING
    adapter.expire(CHARGE)
    assert xendit.pay(CHARGE) is False


def test_a_payment_request_whose_method_has_expired_brings_no_money(adapter: Xendit) -> None:
    charge(adapter)
    client = adapter._client
    request = client.payment_request(CHARGE)
    assert request is not None
    for method, state in (
        ("ACTIVE", ChargeState.PENDING),
        ("EXPIRED", ChargeState.EXPIRED),
        ("FAILED", ChargeState.EXPIRED),
    ):
        standing = request.payment_method.model_copy(update={"status": method})
        of_it = request.model_copy(update={"payment_method": standing})
        assert charge_status(of_it, None, ()).state is state


def test_a_charge_is_expired_once_and_not_when_paid(
    adapter: Xendit, xendit: XenditSimulator
) -> None:
    charge(adapter)
    for _ in range(2):
        adapter.expire(CHARGE)
    status = adapter.status(CHARGE)
    assert status is not None
    assert status.state is ChargeState.EXPIRED
    assert xendit.pay(CHARGE) is False


def test_a_refund_is_not_final_until_the_bank_confirms_it(
    adapter: Xendit, xendit: XenditSimulator, clock: ManualClock
) -> None:
    charge(adapter)
    assert xendit.pay(CHARGE)
    for _ in range(2):
        assert adapter.refund(CHARGE, "rfd_A-1", 5_000, "requested") is RefundOutcome.ACCEPTED
    for final in (False, True):
        status = adapter.status(CHARGE)
        assert status is not None
        assert (status.state, status.settled_at) == (ChargeState.REFUNDED, START)
        assert status.refunds == (RefundStatus("rfd_A-1", 5_000, final),)
        clock.forward(minutes=5)


def test_a_refused_refund_says_why(adapter: Xendit, xendit: XenditSimulator) -> None:
    charge(adapter, Method.VIRTUAL_ACCOUNT)
    unpaid = adapter.refund(CHARGE, "rfd_A-1", 12_000, "requested")
    assert xendit.pay(CHARGE)
    paid = adapter.refund(CHARGE, "rfd_A-1", 12_000, "requested")
    assert (unpaid, paid) == (RefundOutcome.UNCLEAR, RefundOutcome.NOT_REFUNDABLE)
    adapter.charge("ord_B-1", 12_000, Method.QRIS, START + timedelta(minutes=15))
    assert xendit.pay("ord_B-1")
    assert adapter.refund("ord_B-1", "rfd_B-1", 12_001, "requested") is RefundOutcome.UNCLEAR
    with pytest.raises(GatewayRefused):
        adapter.refund("ord_B-1", "rfd_B-1", 0, "requested")


@pytest.mark.parametrize(
    ("http_status", "error_code", "outcome"),
    [
        (400, "REFUND_NOT_SUPPORTED", RefundOutcome.NOT_REFUNDABLE),
        (400, "PARTIAL_REFUND_NOT_SUPPORTED", RefundOutcome.NOT_REFUNDABLE),
        (400, "PARTIAL_REFUND_COUNTS_EXCEEDED", RefundOutcome.NOT_REFUNDABLE),
        (400, "REFUND_IN_PROGRESS", RefundOutcome.UNCLEAR),
        (400, "TEMPORARILY_UNAVAILABLE", RefundOutcome.UNCLEAR),
        (400, "INSUFFICIENT_BALANCE", RefundOutcome.UNCLEAR),
        (400, "MAXIMUM_REFUND_AMOUNT_REACHED", RefundOutcome.UNCLEAR),
        (403, "INELIGIBLE_TRANSACTION", RefundOutcome.UNCLEAR),
        (409, "IDEMPOTENCY_ERROR", RefundOutcome.UNCLEAR),
    ],
)
def test_only_what_never_changes_asks_for_an_account(
    http_status: int, error_code: str, outcome: RefundOutcome
) -> None:
    listed = (200, f'{{"data": [{REQUEST}]}}')
    refused = (http_status, f'{{"error_code": "{error_code}", "message": ""}}')
    with CannedServer(listed, refused) as server:
        assert Xendit(server.url, KEY).refund("ord_A-1", "rfd_A-1", 1, "requested") is outcome


def test_a_refund_that_the_issuer_refuses_is_accepted_first(
    adapter: Xendit, xendit: XenditSimulator, clock: ManualClock
) -> None:
    """After 30 days: accepted, then FAILED, which the same request says when it is repeated."""
    charge(adapter)
    assert xendit.pay(CHARGE)
    clock.forward(days=31)
    assert adapter.refund(CHARGE, "rfd_A-1", 12_000, "requested") is RefundOutcome.ACCEPTED
    clock.forward(minutes=5)
    status = adapter.status(CHARGE)
    assert status is not None
    assert (status.state, status.refunds) == (ChargeState.SETTLED, ())
    assert adapter.refund(CHARGE, "rfd_A-1", 12_000, "requested") is RefundOutcome.DENIED


def test_one_refund_waits_for_the_other(
    adapter: Xendit, xendit: XenditSimulator, clock: ManualClock
) -> None:
    """REFUND_IN_PROGRESS: asked again later, by the same key."""
    charge(adapter)
    assert xendit.pay(CHARGE)
    assert adapter.refund(CHARGE, "rfd_A-1", 5_000, "requested") is RefundOutcome.ACCEPTED
    assert adapter.refund(CHARGE, "rfd_B-1", 5_000, "requested") is RefundOutcome.UNCLEAR
    clock.forward(minutes=5)
    assert adapter.refund(CHARGE, "rfd_B-1", 5_000, "requested") is RefundOutcome.ACCEPTED


def test_where_the_issuer_takes_no_part_back_an_account_is_needed(
    adapter: Xendit, xendit: XenditSimulator
) -> None:
    """PARTIAL_REFUND_NOT_SUPPORTED, which no repetition changes; the whole still goes back."""
    charge(adapter)
    assert xendit.pay(CHARGE)
    xendit.add_fault(Fault(FaultKind.WHOLE_REFUNDS_ONLY))
    assert adapter.refund(CHARGE, "rfd_A-1", 5_000, "requested") is RefundOutcome.NOT_REFUNDABLE
    assert adapter.refund(CHARGE, "rfd_B-1", 12_000, "requested") is RefundOutcome.ACCEPTED


def test_a_webhook_has_the_token_and_the_same_event_id_each_time(
    adapter: Xendit, xendit: XenditSimulator, merchant: Merchant
) -> None:
    xendit.webhook_url = merchant.url
    merchant.answers = [503] * 7
    charge(adapter)
    assert xendit.wait_until_idle()
    delivered = xendit.deliveries
    assert [each.attempt for each in delivered] == [1, 2, 3, 4, 5, 6, 7]
    assert {each.headers["x-callback-token"] for each in delivered} == {TOKEN}
    assert len({each.headers["webhook-id"] for each in delivered}) == 1
    status = adapter.status(CHARGE)
    assert status is not None
    named = {parse_webhook(body.decode()) for body in merchant.bodies}
    assert named == {WebhookEvent(status.charge_id, status.transaction_id)}  # type: ignore[arg-type]


def test_a_person_pays_on_the_page(adapter: Xendit, xendit: XenditSimulator) -> None:
    charge(adapter)
    transaction = xendit.transaction(CHARGE)
    assert transaction is not None
    html = urllib3.request("GET", f"{xendit.url}/qris/{transaction.transaction_id}").data.decode()
    action = re.search(r'action="([^"]+/pay)"', html)
    assert action is not None
    after = urllib3.request("POST", xendit.url + action[1]).data.decode()
    assert "Pembayaran berhasil" in after
    status = adapter.status(CHARGE)
    assert status is not None
    assert status.state is ChargeState.SETTLED


def test_a_payout_is_accepted_sent_and_may_bounce(
    xendit: XenditSimulator, clock: ManualClock
) -> None:
    payouts = XenditPayouts(xendit.url, KEY)
    xendit.add_fault(Fault(FaultKind.PAYOUT_BOUNCED, seconds=86_400))
    reference = payouts.pay_out("rfd_A-2", SRI, 12_000, "a refund")
    assert payouts.pay_out("rfd_A-2", SRI, 12_000, "a refund") == reference
    states = [payouts.payout_state(reference)]
    for span in ({"minutes": 1}, {"minutes": 5}, {"days": 1}):
        clock.forward(**span)
        states.append(payouts.payout_state(reference))
    assert states == list(PayoutState)
    assert payouts.payout_state("disb-unknown") is None


def test_a_payout_to_an_unknown_account_is_refused_and_the_bank_returns_the_holders_name(
    xendit: XenditSimulator,
) -> None:
    payouts = XenditPayouts(xendit.url, KEY)
    for number, holder in ((SRI.number, "SRI WAHYUNI"), ("1", None)):
        with pytest.raises(Unavailable):
            payouts.holder_of(
                "bca", number
            )  # the first request asks the bank; the next one has its answer
        assert payouts.holder_of("bca", number) == holder
    with pytest.raises(PayoutRefused) as refused:
        payouts.pay_out("rfd_A-2", BankAccount("bca", "1", "NOBODY"), 12_000, "a refund")
    assert refused.value.values == {"error_code": "INVALID_DESTINATION"}
    payouts.pay_out("rfd_A-3", SRI, 12_000, "a refund")
    with pytest.raises(Unavailable) as unavailable:  # not the account's fault
        payouts.pay_out("rfd_A-3", SRI, 24_000, "a refund")
    assert unavailable.value.values == {"party": "xendit", "reason": "key_in_use"}
