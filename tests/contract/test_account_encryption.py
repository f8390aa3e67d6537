"""Account numbers: sealed for one refund, opened for no other."""

import pytest

from meterai.domain.errors import CiphertextInvalid
from meterai.domain.refunds.payouts import BankAccount
from tests.contract.backends import AwsBackend, Backend
from tests.contract.factories import a_refund, an_order

ACCOUNT = BankAccount("bca", "1234567890", "Dr. Siti Nurhaliza, S.Kom.")
LONGEST = BankAccount("b" * 32, "1" * 20, "\u20b9" * 60)
REFUND, OTHER = (a_refund(an_order(), name=name).refund_id for name in ("one", "other"))


@pytest.mark.parametrize("account", [ACCOUNT, LONGEST], ids=["usual", "longest"])
def test_an_account_is_opened_as_it_was_sealed(backend: Backend, account: BankAccount) -> None:
    sealed = backend.account_cipher.encrypt(REFUND, account)
    assert account.number not in sealed
    assert backend.account_cipher.decrypt(REFUND, sealed) == account


def test_what_was_sealed_for_one_refund_opens_for_no_other(backend: Backend) -> None:
    sealed = backend.account_cipher.encrypt(REFUND, ACCOUNT)
    with pytest.raises(CiphertextInvalid):
        backend.account_cipher.decrypt(OTHER, sealed)


def test_a_damaged_seal_does_not_open(moto_backend: AwsBackend) -> None:
    sealed = moto_backend.account_cipher.encrypt(REFUND, ACCOUNT)
    with pytest.raises(CiphertextInvalid):
        moto_backend.account_cipher.decrypt(REFUND, sealed[:-8] + "AAAAAAAA")
