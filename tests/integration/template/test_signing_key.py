"""The signing key: made for signing only, and only the stamping function signs."""

import re

import pytest

from tests.integration.template.declared import TEMPLATE, functions, of_type, statements
from tests.local.template import Resource

OTHERS = {"AccountKey", "ReceiptRootKey"}
KEYS = {name: key for name, key in of_type("AWS::KMS::Key").items() if name not in OTHERS}
AS_IT_SIGNS = {
    "StringEquals": {
        "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256",
        "kms:MessageType": "RAW",
    }
}

every_key = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)


def test_there_is_room_for_two_keys_that_alternate() -> None:
    assert {name: key.condition for name, key in KEYS.items()} == {
        "SigningKey": "UseFirstKey",
        "SecondSigningKey": "UseSecondKey",
    }
    first, second = (key.properties for key in KEYS.values())
    assert first == second
    assert TEMPLATE.parameters["SigningKeys"]["Default"] == "first"


@every_key
def test_a_key_is_rsa_2048_for_signing(key: Resource) -> None:
    assert key.properties["KeySpec"] == "RSA_2048"
    assert key.properties["KeyUsage"] == "SIGN_VERIFY"


@every_key
def test_a_key_may_be_replicated_to_another_region(key: Resource) -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html: only a
    key that was created so."""
    assert key.properties["MultiRegion"] is True


@every_key
def test_only_the_stamping_function_signs_and_only_as_it_does(key: Resource) -> None:
    """And the role that requests a certificate, while the operator names one."""
    policy = key.properties["KeyPolicy"]
    signing = [s for s in statements(policy) if "kms:Sign" in s.actions]
    assert [(s.effect, s.principal, s.actions, s.condition) for s in signing] == [
        ("Allow", {"AWS": {"Fn::GetAtt": ["StampRole", "Arn"]}}, ("kms:Sign",), AS_IT_SIGNS),
        ("Allow", {"AWS": {"Ref": "CertificateRequestRoleArn"}}, ("kms:Sign",), AS_IT_SIGNS),
    ]
    assert [one["Fn::If"][0] for one in policy["Statement"] if "Fn::If" in one] == [
        "AllowCertificateRequest"
    ]
    assert TEMPLATE.parameters["CertificateRequestRoleArn"]["Default"] == ""


@every_key
def test_administrators_cannot_grant_the_right_to_sign(key: Resource) -> None:
    actions = {a for s in statements(key.properties["KeyPolicy"]) for a in s.actions}
    assert {a for a in actions if re.search(r"\*|Grant$", a)} == {"kms:RevokeGrant"}
    # Without these the key could not be managed, nor a certificate requested.
    assert actions >= {"kms:PutKeyPolicy", "kms:GetPublicKey", "kms:DescribeKey"}


def test_no_role_names_the_key_directly() -> None:
    actions = {a for f in functions().values() for right in f.rights for a in right.actions}
    assert {a for a in actions if a.startswith("kms:")} == set()
