"""The key of account numbers: API and pages encrypt, another function decrypts, for a refund."""

import re

from tests.integration.template.declared import TEMPLATE, statements

KEY = TEMPLATE.resources["AccountKey"].properties
FOR_A_REFUND = {"Null": {"kms:EncryptionContext:refund_id": "false"}}


def test_only_what_takes_claims_encrypts_and_only_the_payout_function_decrypts() -> None:
    uses = [
        (s.effect, s.principal, s.actions, s.condition)
        for s in statements(KEY["KeyPolicy"])
        if {"kms:Encrypt", "kms:Decrypt"} & set(s.actions)
    ]
    claims = {"AWS": [{"Fn::GetAtt": [role, "Arn"]} for role in ("ClaimRefundRole", "PagesRole")]}
    pays_out = {"AWS": {"Fn::GetAtt": ["ExecuteRefundRole", "Arn"]}}
    assert uses == [
        ("Allow", claims, ("kms:Encrypt",), FOR_A_REFUND),
        ("Allow", pays_out, ("kms:Decrypt",), FOR_A_REFUND),
    ]


def test_administrators_cannot_grant_the_right_to_decrypt() -> None:
    actions = {a for s in statements(KEY["KeyPolicy"]) for a in s.actions}
    assert {a for a in actions if re.search(r"\*|Grant$|ReEncrypt", a)} == {"kms:RevokeGrant"}
    assert actions >= {"kms:PutKeyPolicy", "kms:DescribeKey"}


def test_the_key_rotates_automatically() -> None:
    assert KEY["EnableKeyRotation"] is True
    assert "KeySpec" not in KEY  # a symmetric key
