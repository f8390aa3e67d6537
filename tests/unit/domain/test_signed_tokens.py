"""Tokens: the format stays the same, and only tokens signed here for the same purpose are read."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.signed_tokens import TokenKind, TokenSigner
from meterai.domain.token_keys import TokenKey
from tests.fakes.token_keys import FIRST, signer

SIGNER = signer()
KIND = TokenKind("a test", shown=r"([a-z]+)\.([0-9]+)")
TOKEN = KIND.token(SIGNER, "abc", "12", bound_to=("owner",))


def test_a_token_shows_its_values_and_ends_with_a_signature() -> None:
    assert f"abc.12.{SIGNER.signature('a test', 'owner', 'abc', '12')}" == TOKEN
    assert KIND.read(TOKEN, SIGNER, bound_to=("owner",)) == ("abc", "12")


def test_without_a_separator_values_and_signature_follow_each_other() -> None:
    kind = TokenKind("a test", shown="([a-z]{3})", separator="")
    token = kind.token(SIGNER, "abc")
    assert token == "abc" + SIGNER.signature("a test", "abc")
    assert kind.read(token, SIGNER) == ("abc",)


@pytest.mark.parametrize(
    "token",
    [
        "",
        TOKEN[:-1],
        TOKEN + "A",
        f"abc.12.{TOKEN[-26:]}",
        TOKEN + "\n",
        TOKEN.lower(),
        TOKEN.replace("abc", "abd"),
        TOKEN.replace(".12.", ".13."),
        TOKEN.replace(".12.", ".١٢."),
        TOKEN.replace(".", "-"),
    ],
)
def test_a_changed_token_is_not_read(token: str) -> None:
    assert KIND.read(token, SIGNER, bound_to=("owner",)) is None


def test_a_token_is_not_read_with_another_binding_purpose_or_secret() -> None:
    other = TokenKind("another test", shown=KIND.shown)
    assert KIND.read(TOKEN, SIGNER) is None
    assert KIND.read(TOKEN, SIGNER, bound_to=("another",)) is None
    assert other.read(TOKEN, SIGNER, bound_to=("owner",)) is None
    assert KIND.read(TOKEN, signer(b"another"), bound_to=("owner",)) is None


def test_the_form_of_a_token_never_changes() -> None:
    """Links are out for months. The key's id comes first, then 130 bits of its signature."""
    assert TOKEN == "abc.12.4J37VJTRPXW2OTDOGRDVDZNH5OCEOH"
    assert SIGNER.signature("a test", "owner", "abc", "12") == TOKEN.removeprefix("abc.12.")


class Instance:
    """Keys as an instance has read them, which may be before the last rotation."""

    def __init__(self, held: Sequence[TokenKey], stored: Sequence[TokenKey]) -> None:
        self.keys, self.stored, self.renewals = held, stored, 0

    def renew(self) -> None:
        self.renewals += 1
        self.keys = self.stored

    @property
    def signer(self) -> TokenSigner:
        return TokenSigner(lambda: self.keys, self.renew, lambda: FIRST.signs_from)


def test_a_key_that_is_not_known_yet_is_read_at_once() -> None:
    new = TokenKey(FIRST.signs_from, b"new")
    behind = Instance([FIRST], [new])
    token = KIND.token(Instance([new], [new]).signer, "abc", "12")
    assert KIND.read(token, behind.signer) == ("abc", "12")
    assert behind.renewals == 1
    assert KIND.read(KIND.token(Instance([FIRST], []).signer, "abc", "12"), behind.signer) is None


def test_a_forged_signature_under_a_known_key_reads_nothing_again() -> None:
    one = Instance([FIRST], [FIRST])
    assert KIND.read(f"abc.12.{FIRST.key_id}" + "A" * 26, one.signer) is None
    assert one.renewals == 0


def test_a_token_is_not_called_forged_while_keys_cannot_be_read() -> None:
    def fail() -> None:
        raise Unavailable(party="secretsmanager")

    with pytest.raises(Unavailable):
        KIND.read("abc.12." + "A" * 30, replace(SIGNER, renew=fail))


def test_two_keys_of_the_same_id_are_both_tried() -> None:
    """Ids have 20 bits: sooner or later two are alike."""
    by_id: dict[str, list[TokenKey]] = {}
    for number in range(3_000):
        key = TokenKey(FIRST.signs_from, str(number).encode())
        by_id.setdefault(key.key_id, []).append(key)
    one, other = next(keys for keys in by_id.values() if len(keys) > 1)
    both = Instance([one, other], []).signer
    for key in (one, other):
        assert KIND.read(KIND.token(Instance([key], []).signer, "abc", "12"), both)
