"""The signing key: made for signing only, and only the stamping function signs."""

import re

from tests.integration.template.declared import TEMPLATE, functions, of_type, statements

KEY = TEMPLATE.resources["SigningKey"]


def test_the_key_is_rsa_2048_for_signing_and_stays() -> None:
    assert list(of_type("AWS::KMS::Key")) == ["SigningKey"]
    assert KEY.properties["KeySpec"] == "RSA_2048"
    assert KEY.properties["KeyUsage"] == "SIGN_VERIFY"


def test_only_the_stamping_function_signs_and_only_as_it_does() -> None:
    signing = [s for s in statements(KEY.properties["KeyPolicy"]) if "kms:Sign" in s.actions]
    assert [(s.effect, s.principal, s.actions, s.condition) for s in signing] == [
        (
            "Allow",
            {"AWS": {"Fn::GetAtt": ["StampRole", "Arn"]}},
            ("kms:Sign",),
            {
                "StringEquals": {
                    "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256",
                    "kms:MessageType": "RAW",
                }
            },
        )
    ]


def test_administrators_cannot_pass_the_right_to_sign_on() -> None:
    actions = {a for s in statements(KEY.properties["KeyPolicy"]) for a in s.actions}
    assert {a for a in actions if re.search(r"\*|Grant$", a)} == {"kms:RevokeGrant"}
    # Without these the key could never be managed, nor its certificate be made.
    assert actions >= {"kms:PutKeyPolicy", "kms:GetPublicKey", "kms:DescribeKey"}


def test_no_role_speaks_of_the_key() -> None:
    actions = {a for f in functions().values() for right in f.rights for a in right.actions}
    assert {a for a in actions if a.startswith("kms:")} == set()
