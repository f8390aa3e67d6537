"""How the client asks: what it repeats, when, with which key and token, and what it raises."""

import json
import logging

import pytest

from meterai import api
from meterai.api import StampingRequest
from meterai.domain.id_derivation import OrderId
from meterai.http_client import Reply
from meterai_client import (
    Client,
    ClientSecret,
    Method,
    NoAnswer,
    PlacementAnywhere,
    Problem,
)
from meterai_client.errors import Problem as ProblemOf
from meterai_client.sender import Clock
from tests.integration.gateways.canned_server import LOST, CannedServer
from tests.unit.client.conftest import Waits, example, order, problem, stamping, ticket

ORDER_ID = OrderId("ord_CK64EG2Y75PUE2VPFYTSQ3DNE5")


def request() -> StampingRequest:
    return StampingRequest(
        order_id=ORDER_ID,
        document="0" * 64,
        placements=[PlacementAnywhere(at="auto")],
        reason="Surat lamaran",
    )


def test_a_request_whose_answer_is_lost_is_sent_again_with_its_key(waits: Waits) -> None:
    with CannedServer((LOST, ""), (202, stamping())) as server:
        waits.client(server.url).request_stamping(request())
    first, again = server.received
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"]
    assert first.body == again.body
    assert waits.waited_s == [0.5]


def test_each_request_has_a_key_of_its_own_or_the_one_given(waits: Waits) -> None:
    with CannedServer(*[(202, stamping())] * 3) as server:
        client = waits.client(server.url)
        client.request_stamping(request())
        client.request_stamping(request())
        client.request_stamping(request(), key="kept-by-me")
    keys = [one.headers["idempotency-key"] for one in server.received]
    assert len(set(keys)) == 3
    assert keys[2] == "kept-by-me"


def test_what_is_at_its_default_is_not_sent(waits: Waits) -> None:
    with CannedServer((202, stamping())) as server:
        waits.client(server.url).request_stamping(request())
    assert set(json.loads(server.received[0].body)) == {
        "order_id",
        "document",
        "placements",
        "reason",
    }


def test_two_clients_that_lose_their_answers_do_not_come_back_together() -> None:
    early, late = Clock(random=lambda: 0.0), Clock(random=lambda: 0.99)
    assert [early.untold(tried) for tried in (0, 1, 9)] == [0.5, 1.0, 8.0]
    assert late.untold(1) > 1.9
    assert early.as_told(20) == 20
    assert 21 < late.as_told(20) < 22
    assert early.as_told(0) == 0.5


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_told(status: int, waits: Waits) -> None:
    with CannedServer(problem(status, "busy", retry_after_s=7), (200, order())) as server:
        assert waits.client(server.url).order(ORDER_ID).order_id == ORDER_ID
    assert waits.waited_s == [7]


def test_a_wait_that_ends_too_late_is_not_begun(waits: Waits) -> None:
    with (
        CannedServer(problem(429, "too_many_unpaid_orders", retry_after_s=600)) as server,
        pytest.raises(Problem) as refused,
    ):
        waits.client(server.url).buy(key="the-same-key")
    assert refused.value.retry_after_s == 600
    assert refused.value.idempotency_key == "the-same-key"
    assert waits.waited_s == []


def test_it_gives_up_when_the_time_is_up(waits: Waits) -> None:
    with CannedServer(*[(LOST, "")] * 50) as server, pytest.raises(NoAnswer) as lost:
        waits.client(server.url).order(ORDER_ID)
    assert sum(waits.waited_s) < 60
    assert waits.waited_s[:6] == [0.5, 1, 2, 4, 8, 8]
    assert str(lost.value) == "the API did not answer: ProtocolError"


def test_who_sleeps_past_the_end_hears_the_last_failure() -> None:
    slept_s: list[float] = []
    clock = Clock(lambda: sum(slept_s), lambda wait_s: slept_s.append(wait_s + 3_600))
    with CannedServer((503, "")) as server, pytest.raises(Problem, match="http_503"):
        Client(server.url, "a-token", clock=clock).order(ORDER_ID)
    assert len(slept_s) == 1


def test_a_refusal_is_raised_at_once_with_all_that_helps(waits: Waits) -> None:
    refusal = problem(409, "not_enough", available=1, request_id="not this one")
    with CannedServer(refusal) as server, pytest.raises(Problem) as refused:
        waits.client(server.url).request_refund(ORDER_ID, 2)
    found = refused.value
    assert (found.status, found.code, found.detail) == (409, "not_enough", "not_enough happened")
    assert (found.request_id, found.values) == ("request-1", {"available": 1})
    assert str(found) == "not_enough (409): not_enough happened [request request-1]"
    assert waits.waited_s == []


@pytest.mark.parametrize(
    ("reply", "code", "may_pass"),
    [
        (Reply(403, b'{"message":"Forbidden"}'), "http_403", False),
        (Reply(503, b'{"message":"Service Unavailable"}'), "http_503", True),
        (Reply(502, b"<html>"), "http_502", True),
        (Reply(502, b'{"code":"charge_refused"}'), "charge_refused", False),
        (Reply(403, b"<Error><Code>AccessDenied</Code></Error>"), "AccessDenied", False),
        (Reply(400, b'{"error":"invalid_grant"}'), "invalid_grant", False),
        (Reply(404, b"[]"), "http_404", False),
    ],
)
def test_what_others_on_the_way_answer_is_a_problem_too(
    reply: Reply,
    code: str,
    may_pass: bool,  # noqa: FBT001 (a case)
) -> None:
    found = ProblemOf.of(reply)
    assert (found.code, found.may_pass) == (code, may_pass)


def test_a_token_that_is_no_longer_taken_is_renewed_once(waits: Waits) -> None:
    tokens = iter(["old", "new", "newer"])
    expired = (401, '{"message":"Unauthorized"}')
    with CannedServer(expired, (200, order()), (200, order()), expired, expired) as server:
        client = waits.client(server.url, lambda: next(tokens))
        client.order(ORDER_ID)
        client.order(ORDER_ID)
        with pytest.raises(Problem, match="http_401"):
            client.order(ORDER_ID)
    sent = [one.headers["authorization"].removeprefix("Bearer ") for one in server.received]
    assert sent == ["old", "new", "new", "new", "newer"]


def test_what_is_public_gets_no_token(waits: Waits) -> None:
    def never() -> str:
        raise AssertionError("nobody asked for one")

    serial = example("get", "/S/{serial}")
    with CannedServer((200, serial)) as server:
        waits.client(server.url, never).serial("JV8RH39WN63LOXI5LGYQ3N")
    assert "authorization" not in server.received[0].headers


def test_a_path_holds_what_it_was_given_and_no_more(waits: Waits) -> None:
    with CannedServer(problem(404, "not_found")) as server, pytest.raises(Problem):
        waits.client(server.url).order("../ledger?of=x")
    assert server.requests == [("GET", "/v1/orders/..%2Fledger%3Fof%3Dx")]


def test_an_answer_that_cannot_be_read_is_none(waits: Waits) -> None:
    with CannedServer((200, "{}")) as server, pytest.raises(NoAnswer, match="cannot read"):
        waits.client(server.url).order(ORDER_ID)


def test_a_request_whose_answer_cannot_be_read_can_be_resumed_by_its_key(waits: Waits) -> None:
    with CannedServer((202, "{}")) as server, pytest.raises(NoAnswer) as unread:
        waits.client(server.url).request_stamping(request())
    assert unread.value.idempotency_key == server.received[0].headers["idempotency-key"]


def test_a_newer_system_is_understood(waits: Waits) -> None:
    """README of the API, Versions: members of answers and values of lists may be added."""
    terms = json.loads(order())["refund_terms"]
    said = order(state="frozen", pay=None, refund_terms={**terms, "new": 1}, new={"a": 1})
    with CannedServer((200, said), (200, order(state="paid"))) as server:
        client = waits.client(server.url)
        newer, known = client.order(ORDER_ID), client.order(ORDER_ID)
    assert newer.state == "frozen"
    assert newer.refund_terms.message == terms["message"]
    assert known.state == "paid"


def test_a_portal_has_tokens_by_its_secret(waits: Waits) -> None:
    token = json.dumps({"access_token": "a-token", "expires_in": 3600})
    refused = (400, '{"error":"invalid_client"}')
    with CannedServer((200, token), refused, (200, "{}")) as server:
        by_secret = ClientSecret(server.url, "a-portal", "a-secret")
        assert by_secret() == "a-token"
        with pytest.raises(Problem, match="invalid_client"):
            waits.client(server.url, by_secret).order(ORDER_ID)
        with pytest.raises(NoAnswer, match="unreadable"):
            by_secret()
    assert server.received[0].path == "/oauth2/token"
    assert server.received[0].body == (
        b"grant_type=client_credentials&client_id=a-portal&client_secret=a-secret"
    )


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (api.UploadAnswer, example("post", "/v1/documents", fields={"policy": "SECRET"})),
        (api.StampingAnswer, stamping(download_url="SECRET", augmented_url="SECRET")),
        (api.TicketAnswer, ticket(ticket="SECRET")),
        (api.RefundAnswer, example("get", "/v1/refunds/{refund_id}", follow_url="SECRET")),
        (api.ClaimLinkAnswer, '{"token": "SECRET", "expires_at": "2026-12-08T02:15:01Z"}'),
    ],
)
def test_an_answer_that_is_logged_lets_nobody_act(model: type[api.Answer], body: str) -> None:
    assert "SECRET" not in repr(model.model_validate_json(body))


def test_no_secret_is_shown_or_logged(waits: Waits, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = json.dumps({"access_token": "very-secret-token"})
    with CannedServer((200, token), problem(409, "not_enough")) as server:
        source = ClientSecret(server.url, "c", "very-secret")
        client = waits.client(server.url, source)
        with pytest.raises(Problem) as refused:
            client.buy(2, Method.QRIS)
    shown = f"{client!r} {source!r} {refused.value!r} {refused.value}"
    assert "very-secret" not in shown + caplog.text
    assert repr(Client("https://meterai.example/")) == "Client('https://meterai.example')"
