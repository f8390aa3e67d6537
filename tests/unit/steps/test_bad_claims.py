"""Invalid claims: the refusal says what is wrong, and nothing changes."""

from dataclasses import replace

import pytest

from meterai.domain.errors import ClaimLinkUsed, KeyReused, NoAccountNeeded, Unavailable
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund, RefundState
from tests.fakes.in_memory_state import Moment
from tests.unit.steps.in_memory_app import BUDIS, InMemoryApp
from tests.unit.steps.message_pump import MessagePump


@pytest.fixture
def waiting(app: InMemoryApp, pump: MessagePump) -> Refund:
    order = app.buy(method=Method.VIRTUAL_ACCOUNT)
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    pump.deliver()
    return app.state.refunds[refund.refund_id]


@pytest.mark.parametrize(
    "account",
    [
        replace(BUDIS, bank="bni"),
        replace(BUDIS, number="1234567891"),
        replace(BUDIS, holder="Budi Santoso"),
    ],
    ids=["bank", "number", "holder"],
)
def test_a_key_that_claimed_for_one_account_is_refused_for_another(
    app: InMemoryApp, waiting: Refund, account: BankAccount
) -> None:
    token = app.claim_token(waiting.refund_id)
    claimed = app.claim(waiting.refund_id, token=token)
    with pytest.raises(KeyReused):
        app.claim(waiting.refund_id, token=token, account=account)
    assert app.claim(waiting.refund_id, token=token) == claimed


def test_a_key_that_claimed_by_one_link_is_refused_by_another(
    app: InMemoryApp, waiting: Refund
) -> None:
    token = app.claim_token(waiting.refund_id)
    app.claim(waiting.refund_id, token=token)
    with pytest.raises(KeyReused):
        app.claim(waiting.refund_id, token=token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_a_refund_that_needs_no_account_is_refused_with_its_state(
    app: InMemoryApp, waiting: Refund
) -> None:
    token = app.claim_token(waiting.refund_id)
    due = replace(waiting, state=RefundState.DUE)
    app.state.refunds[waiting.refund_id] = due
    for ask in (
        lambda: app.claim(waiting.refund_id, token=token),
        lambda: app.claim_token(waiting.refund_id),
    ):
        with pytest.raises(NoAccountNeeded) as refused:
            ask()
        assert refused.value.values == {"refund_id": waiting.refund_id, "state": "due"}
    assert app.state.refunds[waiting.refund_id] == due


def test_of_two_concurrent_claims_one_is_written_and_the_other_must_retry(
    app: InMemoryApp, waiting: Refund
) -> None:
    token = app.claim_token(waiting.refund_id)

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Refunds.advance"):
            app.state.hook = lambda _moment, _call: None
            app.claim(waiting.refund_id, "faster", token=token)

    app.state.hook = hook
    with pytest.raises(Unavailable) as refused:
        app.claim(waiting.refund_id, "slower", token=token)
    assert refused.value.values == {"refund_id": waiting.refund_id}
    with pytest.raises(ClaimLinkUsed):
        app.claim(waiting.refund_id, "slower", token=token)
    assert len(app.state.refunds_lane) == 1
    assert app.state.refunds[waiting.refund_id].attempt == waiting.attempt + 1
