"""The issuer's endpoints for programs: exchange, refresh, revoke, and who somebody is.

What Cognito does is cited in `tests/local/issuer`.
"""

import base64
import hashlib

import pytest
from werkzeug.test import Client

from tests.integration.local.visitor import APP, HOUR_S, PHONE, URL, VERIFIER, Visitor, challenge
from tests.local.issuer.grants import CODE_S


def test_tokens_say_who_signed_in_and_for_which_sign_in(visitor: Visitor) -> None:
    status, tokens = visitor.exchange(visitor.sign_in())
    assert (status, tokens["token_type"], tokens["expires_in"]) == (200, "Bearer", HOUR_S)
    access = visitor.claims(tokens["access_token"])
    identity = visitor.claims(tokens["id_token"])
    now, sub = int(visitor.time.now), access["sub"]
    both = {
        "sub": sub,
        "iss": URL,
        "origin_jti": access["origin_jti"],
        "auth_time": now,
        "iat": now,
        "exp": now + HOUR_S,
    }
    for own in ("jti", "event_id"):
        assert access.pop(own) != identity.pop(own)
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert access == both | {
        "client_id": "app",
        "token_use": "access",
        "scope": "openid shop/buy",
        "username": sub,
        "version": 2,
    }
    assert identity == both | {
        "aud": "app",
        "token_use": "id",
        "nonce": "n-1",
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        "cognito:username": sub,
        "email": "sri@pelamar.example",
        "email_verified": True,
    }


def test_no_id_token_without_openid_and_all_scopes_without_any(visitor: Visitor) -> None:
    _, tokens = visitor.exchange(visitor.sign_in(scope="shop/buy"))
    assert "id_token" not in tokens
    _, tokens = visitor.exchange(visitor.sign_in(scope=None))
    assert visitor.claims(tokens["access_token"])["scope"] == "openid email shop/buy"


def test_a_request_without_pkce_is_accepted_as_cognito_does(visitor: Visitor) -> None:
    code = visitor.sign_in(code_challenge=None, code_challenge_method=None)
    assert visitor.exchange(code, code_verifier=None)[0] == 200


def test_a_code_is_used_once(visitor: Visitor) -> None:
    code = visitor.sign_in()
    assert visitor.exchange(code)[0] == 200
    assert visitor.exchange(code) == (400, {"error": "invalid_grant"})


def test_a_code_expires(visitor: Visitor) -> None:
    code, late = visitor.sign_in(), visitor.sign_in()
    visitor.time.now += CODE_S - 1
    assert visitor.exchange(code)[0] == 200
    visitor.time.now += 1
    assert visitor.exchange(late) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"code_verifier": "another" * 8}, {"error": "invalid_request"}),
        ({"code_verifier": challenge(VERIFIER)}, {"error": "invalid_request"}),
        ({"code_verifier": None}, {"error": "invalid_request"}),
        ({"client_id": "other"}, {"error": "invalid_grant"}),
        (
            {"redirect_uri": PHONE},
            {"error": "unauthorized_client", "error_description": "invalid_redirect"},
        ),
    ],
)
def test_a_code_is_for_one_verifier_client_and_address_and_used_up_by_a_wrong_one(
    visitor: Visitor, changes: dict[str, str | None], answer: dict[str, str]
) -> None:
    code = visitor.sign_in()
    assert visitor.exchange(code, **changes) == (400, answer)
    assert visitor.exchange(code) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": None}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_secret": "guessed"}, "invalid_client"),
    ],
)
def test_an_incomplete_exchange_is_refused(
    visitor: Visitor, form: dict[str, str | None], error: str
) -> None:
    assert visitor.exchange("no-code", **form) == (400, {"error": error})


def test_each_refresh_brings_the_next_refresh_token(visitor: Visitor) -> None:
    _, first = visitor.exchange(visitor.sign_in())
    status, second = visitor.refresh(first["refresh_token"])
    assert status == 200
    claims = visitor.claims(second["access_token"])
    assert claims["scope"] == "openid shop/buy"
    assert claims["origin_jti"] == visitor.claims(first["access_token"])["origin_jti"]
    assert "nonce" not in visitor.claims(second["id_token"])

    visitor.time.now += 59
    assert visitor.refresh(first["refresh_token"])[0] == 200  # the answer was lost on the way
    visitor.time.now += 1
    assert visitor.refresh(first["refresh_token"]) == (400, {"error": "invalid_grant"})
    assert visitor.refresh(second["refresh_token"])[0] == 200


def test_rotation_prolongs_nothing(visitor: Visitor) -> None:
    _, tokens = visitor.exchange(visitor.sign_in())
    visitor.time.now += APP.refresh_token_s - 1
    _, tokens = visitor.refresh(tokens["refresh_token"])
    visitor.time.now += 1
    assert visitor.refresh(tokens["refresh_token"]) == (400, {"error": "invalid_grant"})


def test_without_rotation_the_refresh_token_stays(visitor: Visitor) -> None:
    _, first = visitor.exchange(visitor.sign_in(client_id="plain"), client_id="plain")
    _, second = visitor.refresh(first["refresh_token"], "plain")
    assert "refresh_token" not in second
    assert visitor.refresh(first["refresh_token"], "plain")[0] == 200


def test_a_refresh_token_is_its_clients_alone(visitor: Visitor) -> None:
    _, tokens = visitor.exchange(visitor.sign_in())
    refused = (400, {"error": "invalid_grant"})
    assert visitor.refresh(tokens["refresh_token"], "other") == refused
    assert visitor.revoke(tokens["refresh_token"], "other").status_code == 200
    assert visitor.refresh(tokens["refresh_token"])[0] == 200
    assert visitor.refresh("guessed") == refused


def test_a_revoked_session_is_not_renewed_and_others_stay(visitor: Visitor) -> None:
    _, one = visitor.exchange(visitor.sign_in())
    _, other = visitor.exchange(visitor.sign_in())
    _, renewed = visitor.refresh(one["refresh_token"])
    answer = visitor.revoke(renewed["refresh_token"])
    assert (answer.status_code, answer.data) == (200, b"")
    for token in (one["refresh_token"], renewed["refresh_token"]):
        assert visitor.refresh(token) == (400, {"error": "invalid_grant"})
    assert visitor.user_info(one["access_token"]).status_code == 401
    assert visitor.refresh(other["refresh_token"])[0] == 200


def test_what_cannot_be_revoked_is_refused(visitor: Visitor) -> None:
    _, tokens = visitor.exchange(visitor.sign_in())
    for token, client, refused in (
        (tokens["access_token"], "app", (400, "unsupported_token_type")),
        (tokens["id_token"], "app", (400, "unsupported_token_type")),
        ("", "app", (400, "invalid_request")),
        (tokens["refresh_token"], "nobody", (401, "invalid_client")),
    ):
        answer = visitor.revoke(token, client)
        assert (answer.status_code, answer.json) == (refused[0], {"error": refused[1]})
    assert visitor.revoke("guessed").status_code == 200


def test_user_info_needs_an_access_token_with_openid(visitor: Visitor) -> None:
    _, tokens = visitor.exchange(visitor.sign_in())
    sub = visitor.claims(tokens["access_token"])["sub"]
    assert visitor.user_info(tokens["access_token"]).json == {
        "sub": sub,
        "username": sub,
        "email": "sri@pelamar.example",
        "email_verified": "true",
    }
    _, without = visitor.exchange(visitor.sign_in(scope="shop/buy"))
    for token in (tokens["id_token"], without["access_token"], "nonsense"):
        assert visitor.user_info(token).status_code == 401
    assert Client(visitor.issuer).get("/oauth2/userInfo").status_code == 400
    visitor.time.now += HOUR_S
    refused = visitor.user_info(tokens["access_token"])
    assert (refused.status_code, refused.headers["WWW-Authenticate"][:21]) == (
        401,
        'error="invalid_token"',
    )
