"""Claims that are not right: told with what is wrong, and nothing moves."""

from dataclasses import replace

import pytest

from meterai.domain.errors import ClaimLinkUsed, KeyReused, NoAccountNeeded, Unavailable
from meterai.domain.payments import Method
from meterai.domain.payouts import BankAccount
from meterai.domain.refunds import Refund, RefundState
from tests.fakes.world import Moment
from tests.unit.steps.office import BUDIS, Office
from tests.unit.steps.postman import Postman


@pytest.fixture
def waiting(office: Office, postman: Postman) -> Refund:
    order = office.buy(method=Method.VIRTUAL_ACCOUNT)
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    postman.deliver()
    return office.world.refunds[refund.refund_id]


@pytest.mark.parametrize(
    "account",
    [
        replace(BUDIS, bank="bni"),
        replace(BUDIS, number="1234567891"),
        replace(BUDIS, holder="Budi Santoso"),
    ],
    ids=["bank", "number", "holder"],
)
def test_a_key_that_claimed_for_one_account_claims_for_no_other(
    office: Office, waiting: Refund, account: BankAccount
) -> None:
    token = office.claim_token(waiting.refund_id)
    claimed = office.claim(waiting.refund_id, token=token)
    with pytest.raises(KeyReused):
        office.claim(waiting.refund_id, token=token, account=account)
    assert office.claim(waiting.refund_id, token=token) == claimed


def test_a_key_that_claimed_by_one_link_claims_by_no_other(office: Office, waiting: Refund) -> None:
    token = office.claim_token(waiting.refund_id)
    office.claim(waiting.refund_id, token=token)
    with pytest.raises(KeyReused):
        office.claim(waiting.refund_id, token=token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_who_needs_no_account_is_told_so_with_the_state(office: Office, waiting: Refund) -> None:
    token = office.claim_token(waiting.refund_id)
    due = replace(waiting, state=RefundState.DUE)
    office.world.refunds[waiting.refund_id] = due
    for ask in (
        lambda: office.claim(waiting.refund_id, token=token),
        lambda: office.claim_token(waiting.refund_id),
    ):
        with pytest.raises(NoAccountNeeded) as refused:
            ask()
        assert refused.value.values == {"refund_id": waiting.refund_id, "state": "due"}
    assert office.world.refunds[waiting.refund_id] == due


def test_of_two_claims_at_once_one_is_written_and_the_other_tries_again(
    office: Office, waiting: Refund
) -> None:
    token = office.claim_token(waiting.refund_id)

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Refunds.advance"):
            office.world.hook = lambda _moment, _call: None
            office.claim(waiting.refund_id, "faster", token=token)

    office.world.hook = hook
    with pytest.raises(Unavailable) as refused:
        office.claim(waiting.refund_id, "slower", token=token)
    assert refused.value.values == {"refund_id": waiting.refund_id}
    with pytest.raises(ClaimLinkUsed):
        office.claim(waiting.refund_id, "slower", token=token)
    assert len(office.world.refunds_lane) == 1
    assert office.world.refunds[waiting.refund_id].attempt == waiting.attempt + 1
