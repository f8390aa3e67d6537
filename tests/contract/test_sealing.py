"""Account numbers: sealed for one refund, opened for no other."""

import pytest

from meterai.domain.errors import SealBroken
from meterai.domain.payouts import BankAccount
from tests.contract.goods import a_refund, an_order
from tests.contract.places import AwsPlace, Place

ACCOUNT = BankAccount("bca", "1234567890", "Dr. Siti Nurhaliza, S.Kom.")
LONGEST = BankAccount("b" * 32, "1" * 20, "\u20b9" * 60)
REFUND, OTHER = (a_refund(an_order(), name=name).refund_id for name in ("one", "other"))


@pytest.mark.parametrize("account", [ACCOUNT, LONGEST], ids=["usual", "longest"])
def test_an_account_is_opened_as_it_was_sealed(place: Place, account: BankAccount) -> None:
    sealed = place.seal.seal(REFUND, account)
    assert account.number not in sealed
    assert place.seal.open(REFUND, sealed) == account


def test_what_was_sealed_for_one_refund_opens_for_no_other(place: Place) -> None:
    sealed = place.seal.seal(REFUND, ACCOUNT)
    with pytest.raises(SealBroken):
        place.seal.open(OTHER, sealed)


def test_a_damaged_seal_does_not_open(moto_place: AwsPlace) -> None:
    sealed = moto_place.seal.seal(REFUND, ACCOUNT)
    with pytest.raises(SealBroken):
        moto_place.seal.open(REFUND, sealed[:-8] + "AAAAAAAA")
