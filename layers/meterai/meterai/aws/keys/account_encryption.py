"""Account numbers and names, encrypted by a key in KMS that two functions may use.

A ciphertext for one refund cannot be decrypted for another: the refund's id is the encryption
context, which CloudTrail also shows for each decryption.
"""

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from meterai.aws.errors import code_of, translate_aws_errors
from meterai.domain.errors import CiphertextInvalid
from meterai.domain.id_derivation import RefundId
from meterai.domain.refunds.payouts import BankAccount

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_INVALID = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


@dataclass(frozen=True, slots=True)
class KmsAccountCipher:
    """One call of KMS each: an account is far below the 4,096 bytes that Encrypt takes. Written in
    base 85, in which it still fits into its refund's write unit."""

    client: "KMSClient"
    key_id: str

    def encrypt(self, refund_id: RefundId, account: BankAccount) -> str:
        words = [account.bank, account.number, account.holder]
        with translate_aws_errors("kms"):
            answer = self.client.encrypt(
                KeyId=self.key_id,
                Plaintext=json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode(),
                EncryptionContext={"refund_id": refund_id},
            )
        return base64.b85encode(answer["CiphertextBlob"]).decode("ascii")

    def decrypt(self, refund_id: RefundId, ciphertext: str) -> BankAccount:
        try:
            with translate_aws_errors("kms"):
                answer = self.client.decrypt(
                    KeyId=self.key_id,
                    CiphertextBlob=base64.b85decode(ciphertext),
                    EncryptionContext={"refund_id": refund_id},
                )
        except ClientError as failure:
            if code_of(failure) in _INVALID:
                raise CiphertextInvalid(refund_id=refund_id) from None
            raise
        bank, number, holder = json.loads(answer["Plaintext"])
        return BankAccount(bank, number, holder)
