"""Account numbers are encrypted for one refund and cannot be decrypted for another."""

import pytest

from meterai.domain.errors import CiphertextInvalid
from meterai.domain.refunds.payouts import BankAccount
from tests.contract.backends import AwsBackend, Backend
from tests.contract.factories import a_refund, an_order

ACCOUNT = BankAccount("bca", "1234567890", "Dr. Siti Nurhaliza, S.Kom.")
LONGEST = BankAccount("b" * 32, "1" * 20, "\u20b9" * 60)
REFUND, OTHER = (a_refund(an_order(), name=name).refund_id for name in ("one", "other"))


@pytest.mark.parametrize("account", [ACCOUNT, LONGEST], ids=["usual", "longest"])
def test_an_encrypted_account_decrypts_to_the_same_account(
    backend: Backend, account: BankAccount
) -> None:
    ciphertext = backend.account_cipher.encrypt(REFUND, account)
    assert account.number not in ciphertext
    assert backend.account_cipher.decrypt(REFUND, ciphertext) == account


def test_an_account_encrypted_for_one_refund_does_not_decrypt_for_another(backend: Backend) -> None:
    ciphertext = backend.account_cipher.encrypt(REFUND, ACCOUNT)
    with pytest.raises(CiphertextInvalid):
        backend.account_cipher.decrypt(OTHER, ciphertext)


def test_a_damaged_ciphertext_does_not_decrypt(moto_backend: AwsBackend) -> None:
    ciphertext = moto_backend.account_cipher.encrypt(REFUND, ACCOUNT)
    with pytest.raises(CiphertextInvalid):
        moto_backend.account_cipher.decrypt(REFUND, ciphertext[:-8] + "AAAAAAAA")
