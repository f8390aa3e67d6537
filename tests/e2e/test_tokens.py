"""Access: which tokens the template's routes take. The forged and malformed ones are in
tests/integration/local/test_jwt_authorizer.py."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from joserfc import jwt

from tests.applicant.client import Applicant, Page
from tests.e2e.customer import Customer, letter
from tests.e2e.refusal import Refusal, refusal
from tests.local.environment import Environment

PUBLIC = {
    ("GET", "/R/{token}"),
    ("GET", "/S/{serial}"),
    ("HEAD", "/R/{token}"),
    ("HEAD", "/S/{serial}"),
    ("GET", "/v1/receipt-keys/{key_id}"),
    ("POST", "/v1/webhooks/{gateway}"),
}
OF_THE_API = ("/v1/", "/S/", "/R/")  # all else are pages, which know a browser by its session
UNAUTHORIZED = (401, {"message": "Unauthorized"})
FORBIDDEN = (403, {"message": "Forbidden"})


def _minted(environment: Environment, changes: Mapping[str, object] | None = None) -> str:
    """The claims of an issued token, with changes, signed with the issuer's own key."""
    now = int(time.time())
    claims = {
        "sub": "somebody",
        "client_id": environment.account.attribute("ApplicantClient", "ClientId"),
        "iss": environment.account.issuer_url,
        "scope": "meterai/applicant",
        "token_use": "access",
        "iat": now - 120,
        "exp": now + 300,
        **(changes or {}),
    }
    header = {"alg": "RS256", "kid": "local"}
    return jwt.encode(header, claims, environment.account._issuer.tokens.access_key)


def _said(answer: Page) -> tuple[int, Any]:
    return answer.status, answer.json()


def _read_ledger(environment: Environment, token: str | None) -> Page:
    return Applicant(environment.account.api_url, token).ask("GET", "/v1/ledger")


def test_every_route_except_the_public_ones_needs_a_token(environment: Environment) -> None:
    anybody = Applicant(environment.account.api_url, token=None)
    routes = {
        (route.method, route.path)
        for function in environment.account.functions
        for route in function.spec.routes
        if route.path.startswith(OF_THE_API)
    }
    assert routes >= PUBLIC
    for method, path in sorted(routes - PUBLIC):
        answer = anybody.ask(method, path, {} if method == "POST" else None)
        assert (path, *_said(answer)) == (path, *UNAUTHORIZED)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_page_of_ones_own_needs_a_session_whatever_token_is_sent(
    environment: Environment,
) -> None:
    for token in (None, _minted(environment)):
        page = Applicant(environment.account.api_url, token).ask("GET", "/saya")
        assert (page.status, page.headers["location"]) == (303, "/masuk?ke=/saya")


def test_the_public_routes_need_no_token_and_ignore_an_invalid_one(
    environment: Environment,
) -> None:
    for token in (None, "nonsense"):
        anybody = Applicant(environment.account.api_url, token)
        assert refusal(anybody.ask("GET", "/S/0")) == Refusal(404, "not_found")
        webhook = anybody.ask("POST", "/v1/webhooks/midtrans", {"order_id": "x"})
        missing = {"reason": "field_missing", "field": "status_code"}
        assert refusal(webhook) == Refusal(400, "webhook_refused", missing)


def test_a_valid_token_is_accepted(environment: Environment) -> None:
    assert _read_ledger(environment, _minted(environment)).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        {"iss": "https://cognito-idp.ap-southeast-3.amazonaws.com/another"},
        {"client_id": "another"},
        {"aud": "another"},
    ],
    ids=["expired", "issuer", "client", "audience"],
)
def test_a_token_of_another_time_issuer_or_client_is_refused(
    environment: Environment, changes: dict[str, object]
) -> None:
    answer = _read_ledger(environment, _minted(environment, changes))
    assert _said(answer) == UNAUTHORIZED
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_token_without_the_scope_is_forbidden(environment: Environment) -> None:
    machine = Applicant(environment.account.api_url, environment.account.token("PortalClient"))
    for method, path, body in (
        ("POST", "/v1/orders", {"quantity": 1}),
        ("GET", "/v1/orders/ord_AAAAAAAAAAAAAAAAAAAAAAAAAA", None),
        ("POST", "/v1/stampings", {}),
    ):
        answer = machine.ask(method, path, body)
        assert _said(answer) == FORBIDDEN
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_a_portal_may_verify_and_read_no_ledger(environment: Environment) -> None:
    portal = Applicant(environment.account.api_url, environment.account.token("PortalClient"))
    assert portal.verify(portal.upload(letter()))["verdict"] == "not_stamped"
    assert _said(portal.ask("GET", "/v1/ledger")) == FORBIDDEN


def test_an_operator_reads_any_ledger_and_is_in_the_audit_trail(
    environment: Environment, customer: Customer
) -> None:
    order = customer.applicant.buy(1)
    path = f"/v1/operator/ledger?account={customer.subject}&reason=a+complaint"
    operator = environment.operator("sri.wahyuni")
    [ledger] = operator.get(path)["ledger"]["orders"]
    assert (ledger["order_id"], ledger["state"]) == (order["order_id"], "pending")

    s3 = environment.account.client("s3")
    bucket = environment.account.outputs["DocumentsBucketName"]
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix="audit/")["Contents"]]
    records = [
        json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in sorted(keys)
    ]
    (mine,) = (one for one in records if one["target"] == customer.subject)
    assert (mine["operator"], mine["action"], mine["reason"]) == (
        "sri.wahyuni",
        "read_ledger",
        "a complaint",
    )


def test_operators_and_all_others_have_routes_and_tokens_of_their_own(
    environment: Environment, customer: Customer
) -> None:
    """A token of another pool is not of this authorizer's audience, whatever its scopes."""
    operator = environment.operator("sri.wahyuni")
    assert _said(operator.ask("GET", "/v1/ledger")) == UNAUTHORIZED
    assert _said(operator.ask("GET", "/v1/orders")) == UNAUTHORIZED
    path = f"/v1/operator/ledger?account={customer.subject}&reason=curiosity"
    claims = {"scope": "meterai/applicant meterai/operator"}
    account = environment.account
    for token in (
        account.token("ApplicantClient", username=customer.username),
        account.token("PortalClient"),
        _minted(environment, claims),
    ):
        answer = Applicant(environment.account.api_url, token).ask("GET", path)
        assert _said(answer) == UNAUTHORIZED
