"""The keys of tokens: kept in a secret, rotated by one write, and seldom read again."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from meterai.aws.keys.token_keys import KEYS_TTL_S, MIN_RENEW_S, SecretTokenKeys
from meterai.domain.errors import Unavailable
from meterai.domain.signed_tokens import TokenKind, TokenSigner
from meterai.domain.token_keys import KNOWN_BEFORE
from meterai.ports import TokenKeys
from meterai.steps.rotate_token_key import rotate_token_key
from tests.contract.backends import AwsBackend
from tests.contract.endpoints import REGION
from tests.contract.factories import NOW
from tests.contract.manual_timer import ManualTimer
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.token_keys import MemoryTokenKeys
from tests.metering import Meter

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

FIRST = {"1970-01-01T00:00:00Z": "as CloudFormation generates it"}
KIND = TokenKind("a test", shown="([a-z]+)")


class Ports:
    def __init__(self, token_keys: TokenKeys) -> None:
        self.token_keys = token_keys


@pytest.fixture(params=["memory", "moto"])
def keys(request: pytest.FixtureRequest) -> TokenKeys:
    if request.param == "memory":
        return MemoryTokenKeys(InMemoryState(NOW))
    backend: AwsBackend = request.getfixturevalue("moto_backend")
    return in_moto(backend)


def in_moto(backend: AwsBackend, timer: ManualTimer | None = None) -> SecretTokenKeys:
    client = boto3.client("secretsmanager", region_name=REGION)
    made = client.create_secret(Name=f"{backend.prefix}tokens", SecretString=json.dumps(FIRST))
    return SecretTokenKeys(client, made["ARN"], timer or ManualTimer())


def another(keys: SecretTokenKeys, timer: ManualTimer | None = None) -> SecretTokenKeys:
    """Another instance."""
    return SecretTokenKeys(keys.client, keys.secret, timer or ManualTimer())


def signer(keys: TokenKeys) -> TokenSigner:
    return TokenSigner(keys.held, keys.renew, lambda: NOW)


def test_a_stack_has_a_key_from_the_beginning_and_rotates_it(keys: TokenKeys) -> None:
    (first,) = keys.stored()
    stored = rotate_token_key(Ports(keys), NOW)
    assert set(stored) == set(keys.stored()) == set(keys.held())
    assert [key.signs_from for key in stored] == [first.signs_from, NOW + KNOWN_BEFORE]
    assert rotate_token_key(Ports(keys), NOW) == stored


def test_the_memory_of_a_run_brings_no_key_back_that_has_leaked(moto_backend: AwsBackend) -> None:
    keys = in_moto(moto_backend)
    other = another(keys)
    rotate_token_key(Ports(other), NOW)
    (replacement,) = rotate_token_key(Ports(keys), NOW, has_leaked=True)
    assert tuple(rotate_token_key(Ports(other), NOW + timedelta(hours=1))) == (replacement,)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", ["TokenKeys.stored", "TokenKeys.hold"])
def test_a_rotation_that_is_cut_off_anywhere_is_finished_by_the_next(
    moment: str, call: str
) -> None:
    """And meanwhile every instance signs what every other reads."""

    def cut_off(when: str, what: str) -> None:
        if (when, what) == (moment, call):
            raise Unavailable(party=what)

    state = InMemoryState(NOW)
    keys = MemoryTokenKeys(state)
    before = keys.held()
    state.hook = cut_off
    with pytest.raises(Unavailable):
        rotate_token_key(Ports(keys), NOW)
    token = KIND.token(signer(keys), "abc")
    state.hook = lambda *_: None
    state.now += timedelta(hours=1)
    after = rotate_token_key(Ports(keys), state.now)
    assert set(before) < set(after)
    assert len(after) == 2
    assert KIND.read(token, signer(keys)) == ("abc",)


def test_keys_are_read_once_in_five_minutes(moto_backend: AwsBackend) -> None:
    timer = ManualTimer()
    keys = in_moto(moto_backend, timer)
    with Meter(keys.client) as meter:
        for timer.now in (0.0, 1.0, KEYS_TTL_S - 1, KEYS_TTL_S):
            KIND.token(signer(keys), "abc")
    assert meter.total.requests == 2


def test_a_flood_of_forged_tokens_reads_the_secret_once_in_ten_seconds(
    moto_backend: AwsBackend,
) -> None:
    timer = ManualTimer()
    keys = in_moto(moto_backend, timer)
    own = KIND.token(signer(keys), "abc")
    with Meter(keys.client) as meter:
        for tenth in range(400):
            timer.now = 100 + tenth / 10
            forged = f"abc.{'ABCDEFGH'[tenth % 8]}AAA" + "A" * 26
            assert KIND.read(forged, signer(keys)) is None
            assert KIND.read(own, signer(keys)) == ("abc",)
    assert meter.total.requests == 40 / MIN_RENEW_S


def test_after_a_leak_every_instance_follows_with_the_first_token_of_the_new_key(
    moto_backend: AwsBackend,
) -> None:
    keys, timer = in_moto(moto_backend), ManualTimer()
    other = another(keys, timer)
    leaked = KIND.token(signer(other), "abc")
    rotate_token_key(Ports(keys), NOW, has_leaked=True)
    timer.now = MIN_RENEW_S
    assert KIND.read(KIND.token(signer(keys), "abc"), signer(other)) == ("abc",)
    assert KIND.read(leaked, signer(other)) is None


def nobody_answers() -> "SecretsManagerClient":
    once = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    return boto3.client(
        "secretsmanager", region_name=REGION, endpoint_url="http://127.0.0.1:9", config=once
    )


def test_while_the_secret_cannot_be_read_known_keys_go_on(moto_backend: AwsBackend) -> None:
    timer = ManualTimer()
    keys = in_moto(moto_backend, timer)
    own = KIND.token(signer(keys), "abc")
    keys.client = nobody_answers()
    timer.now = KEYS_TTL_S
    assert KIND.read(own, signer(keys)) == ("abc",)
    assert KIND.token(signer(keys), "abc") == own
