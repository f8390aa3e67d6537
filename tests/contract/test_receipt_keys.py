"""The keys of deadline receipts: kept in a secret, published for good, certified by KMS."""

import json

import boto3
import pytest

from meterai.aws.keys.receipt_keys import MAX_AGE_S, KmsRootKey, SecretReceiptKeys
from meterai.domain.stamping.receipts import Receipt, ReceiptKey, hour_of
from meterai.domain.stamping.serials import Serial
from meterai.ports import ReceiptKeys
from meterai.trust.receipts import JwsReceiptSigner, check
from tests.contract.backends import AwsBackend, Clients
from tests.contract.endpoints import REGION
from tests.contract.factories import NOW
from tests.contract.manual_timer import ManualTimer
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.receipt_keys import MemoryReceiptKeys
from tests.fakes.receipt_signer import local_receipt_signer
from tests.metering import Meter

KEYS = tuple(local_receipt_signer("meterai.example").new_key(hour_of(NOW)) for _ in range(2))


@pytest.fixture(params=["memory", "moto"])
def keys(request: pytest.FixtureRequest) -> ReceiptKeys:
    """Tests on ministack use other clients: its Secrets Manager is separate."""
    if request.param == "memory":
        return MemoryReceiptKeys(InMemoryState(NOW))
    backend: AwsBackend = request.getfixturevalue("moto_backend")
    return in_moto(backend)


def in_moto(backend: AwsBackend, timer: ManualTimer | None = None) -> SecretReceiptKeys:
    secrets = boto3.client("secretsmanager", region_name=REGION)
    arn = secrets.create_secret(Name=f"{backend.prefix}keys", SecretString="[]")["ARN"]
    bucket = backend.documents.bucket
    return SecretReceiptKeys(secrets, backend.clients.s3, arn, bucket, timer or ManualTimer())


def test_there_are_no_keys_at_first(keys: ReceiptKeys) -> None:
    assert tuple(keys.held()) == ()


def test_the_stored_keys_are_returned(keys: ReceiptKeys) -> None:
    keys.hold(KEYS)
    assert tuple(keys.held()) == KEYS
    keys.hold(KEYS[1:])
    assert tuple(keys.held()) == KEYS[1:]


def test_a_published_key_is_available_to_everybody(keys: ReceiptKeys) -> None:
    assert keys.statement("2026112402-AAAAAAAAAAAA") is None
    keys.publish("2026112402-AAAAAAAAAAAA", "a.b.c")
    keys.publish("2026112402-AAAAAAAAAAAA", "a.b.c")
    assert keys.statement("2026112402-AAAAAAAAAAAA") == "a.b.c"


def test_keys_are_fetched_once_in_five_minutes(moto_backend: AwsBackend) -> None:
    timer = ManualTimer()
    keys = in_moto(moto_backend, timer)
    keys.hold(KEYS)
    with Meter(keys.secrets) as meter:
        for timer.now in (0.0, 1.0, MAX_AGE_S - 1, MAX_AGE_S):
            keys.held()
    assert meter.total.requests == 2


def test_the_first_key_is_found_at_once(moto_backend: AwsBackend) -> None:
    timer = ManualTimer()
    keys = in_moto(moto_backend, timer)
    assert tuple(keys.held()) == ()
    in_moto_by_another = SecretReceiptKeys(keys.secrets, keys.s3, keys.secret, keys.bucket)
    in_moto_by_another.hold(KEYS)
    timer.now = 1.0
    assert tuple(keys.held()) == KEYS


@pytest.mark.parametrize("endpoint", ["moto", "ministack"])
def test_a_receipt_verifies_with_the_certified_key(
    request: pytest.FixtureRequest, endpoint: str
) -> None:
    clients: Clients = request.getfixturevalue(endpoint)
    made = clients.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    root = KmsRootKey(clients.kms, made["KeyMetadata"]["KeyId"])
    account_cipher = JwsReceiptSigner("meterai.example", root.certify, root.public_key)
    key: ReceiptKey = account_cipher.new_key(hour_of(NOW))
    receipt = Receipt(
        account="a" * 26,
        document="0f" * 32,
        stamping=Serial("JV8RH39WN63LOXI5LGYQ3N"),
        accepted_at=NOW.replace(microsecond=0),
        portal=None,
    )
    statements = [
        account_cipher.statement(key) for _ in range(20)
    ]  # r and s have variable length in DER
    for statement in statements:
        _, said = check(
            account_cipher.signed(receipt, key), statement, json.loads(account_cipher.root())
        )
        assert said == receipt
