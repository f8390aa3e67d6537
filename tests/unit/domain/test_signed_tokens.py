"""Tokens: the format stays the same, and only tokens signed here for the same purpose are read."""

import pytest

from meterai.domain.id_derivation import IdDeriver
from meterai.domain.signed_tokens import TokenKind

DERIVER = IdDeriver(b"a secret of the tests")
KIND = TokenKind("a test", shown=r"([a-z]+)\.([0-9]+)")
TOKEN = KIND.token(DERIVER, "abc", "12", bound_to=("owner",))


def test_a_token_shows_its_values_and_ends_with_the_derivers_signature() -> None:
    assert f"abc.12.{DERIVER.signature('a test', 'owner', 'abc', '12')}" == TOKEN
    assert KIND.read(TOKEN, DERIVER, bound_to=("owner",)) == ("abc", "12")


def test_without_a_separator_values_and_signature_follow_each_other() -> None:
    kind = TokenKind("a test", shown="([a-z]{3})", separator="")
    token = kind.token(DERIVER, "abc")
    assert token == "abc" + DERIVER.signature("a test", "abc")
    assert kind.read(token, DERIVER) == ("abc",)


@pytest.mark.parametrize(
    "token",
    [
        "",
        TOKEN[:-1],
        TOKEN + "A",
        TOKEN + "\n",
        TOKEN.lower(),
        TOKEN.replace("abc", "abd"),
        TOKEN.replace(".12.", ".13."),
        TOKEN.replace(".12.", ".١٢."),
        TOKEN.replace(".", "-"),
    ],
)
def test_a_changed_token_is_not_read(token: str) -> None:
    assert KIND.read(token, DERIVER, bound_to=("owner",)) is None


def test_a_token_is_not_read_with_another_binding_purpose_or_secret() -> None:
    other = TokenKind("another test", shown=KIND.shown)
    assert KIND.read(TOKEN, DERIVER) is None
    assert KIND.read(TOKEN, DERIVER, bound_to=("another",)) is None
    assert other.read(TOKEN, DERIVER, bound_to=("owner",)) is None
    assert KIND.read(TOKEN, IdDeriver(b"another"), bound_to=("owner",)) is None
