"""The root key of deadline receipts: one function signs with it, two dozen times a day."""

import re

from tests.integration.template.declared import TEMPLATE, statements

KEY = TEMPLATE.resources["ReceiptRootKey"].properties
RENEWS = {"AWS": {"Fn::GetAtt": ["RenewReceiptKeyRole", "Arn"]}}
AS_IT_SIGNS = {"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "RAW"}}


def test_it_signs_on_the_curve_that_jws_calls_es256() -> None:
    assert (KEY["KeySpec"], KEY["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")


def test_only_the_renewal_of_receipt_keys_signs_and_only_as_it_does() -> None:
    uses = [
        (s.effect, s.principal, s.actions, s.condition)
        for s in statements(KEY["KeyPolicy"])
        if "kms:Sign" in s.actions
    ]
    assert uses == [("Allow", RENEWS, ("kms:Sign",), AS_IT_SIGNS)]


def test_administrators_cannot_grant_the_right_to_sign() -> None:
    actions = {a for s in statements(KEY["KeyPolicy"]) for a in s.actions}
    assert {a for a in actions if re.search(r"\*|Grant$", a)} == {"kms:RevokeGrant"}
    assert actions >= {"kms:PutKeyPolicy", "kms:DescribeKey"}
