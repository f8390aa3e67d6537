"""What takes several requests: the waiting room, files, waiting, lists."""

import hashlib
import json
from typing import Any

import pytest

from meterai.api import DeadlineRequest, OperatorDeadlineRequest, StampingAnswer, TicketAnswer
from meterai_client import NotReached, Problem, WrongContent
from tests.integration.gateways.canned_server import CannedServer
from tests.unit.client.conftest import Waits, example, order, problem, stamping, ticket

ORDER_ID = "ord_CK64EG2Y75PUE2VPFYTSQ3DNE5"
PAUSED = problem(503, "buying_paused", retry_after_s=2)
FILE = "a stamped file"
SHA256 = hashlib.sha256(FILE.encode()).hexdigest()
BUY, JOIN, POLL = (
    ("POST", "/v1/orders"),
    ("POST", "/v1/waiting-room/tickets"),
    ("GET", "/v1/waiting-room/tickets/T-1"),
)


def test_while_buying_is_paused_it_waits_for_its_turn(waits: Waits) -> None:
    heard: list[TicketAnswer] = []
    turn = ticket(may_buy=True, poll_after_ms=None)
    with CannedServer(
        PAUSED, (200, ticket()), (200, ticket(poll_after_ms=9_000)), (200, turn), (201, order())
    ) as server:
        client = waits.client(server.url)
        assert client.buy(2, on_wait=heard.append).order_id == ORDER_ID
    assert server.requests == [BUY, JOIN, POLL, POLL, BUY]
    assert waits.waited_s == [7, 9]
    assert [one.poll_after_ms for one in heard] == [7_000, 9_000]
    first, last = server.received[0], server.received[-1]
    assert (first.headers.get("meterai-ticket"), last.headers["meterai-ticket"]) == (None, "T-1")
    assert first.headers["idempotency-key"] == last.headers["idempotency-key"]
    assert json.loads(last.body) == {"quantity": 2}


def test_a_turn_that_passed_is_followed_by_another(waits: Waits) -> None:
    turn = ticket(may_buy=True, poll_after_ms=None)
    with CannedServer(
        PAUSED,
        (200, ticket()),
        (200, ticket(expired=True, poll_after_ms=None)),
        (200, ticket()),
        (200, turn),
        problem(410, "ticket_expired"),
        (200, turn),
        PAUSED,  # and closes again
        (200, turn),
        (201, order()),
    ) as server:
        waits.client(server.url).buy()
    assert server.requests == [BUY, JOIN, POLL, JOIN, POLL, BUY, JOIN, BUY, JOIN, BUY]
    assert waits.waited_s == [7, 1, 7, 2]


def test_who_waits_too_long_keeps_key_and_place(waits: Waits) -> None:
    with (
        CannedServer(PAUSED, (200, ticket()), (200, ticket())) as server,
        pytest.raises(NotReached) as late,
    ):
        waits.client(server.url).buy(key="kept-by-me", timeout_s=10)
    assert late.value.idempotency_key == "kept-by-me"
    assert late.value.answer.ticket == "T-1"


def test_instructions_that_were_lost_are_asked_for_again(waits: Waits) -> None:
    lost = order(pay=None, retry_at="2020-01-01T00:00:00Z")
    with CannedServer((201, lost), (201, order())) as server:
        assert waits.client(server.url).buy().pay is not None
    first, again = server.received
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"]
    assert waits.waited_s == [1]


def test_it_asks_no_sooner_than_answers_say(waits: Waits) -> None:
    waiting = [order(poll_after_ms=5_000), order(poll_after_ms=8_000)]
    paid = order(state="paid", poll_after_ms=None)
    with CannedServer(*((200, one) for one in (*waiting, paid))) as server:
        assert waits.client(server.url).wait_until_paid(ORDER_ID).state == "paid"
    assert waits.waited_s == [5, 8]


def test_what_will_never_be_is_not_waited_for(waits: Waits) -> None:
    expired = order(state="expired", poll_after_ms=None, message="It expired.")
    with CannedServer((200, expired)) as server, pytest.raises(NotReached) as never:
        waits.client(server.url).wait_until_paid(ORDER_ID)
    assert str(never.value) == "it is expired, not paid: It expired."
    assert never.value.answer.poll_after_ms is None


def test_a_stamping_that_is_void_says_why(waits: Waits) -> None:
    void = {"state": "void", "void_reason": "document_refused", "void_code": "document_damaged"}
    with CannedServer((200, stamping(**void))) as server, pytest.raises(NotReached) as never:
        waits.client(server.url).wait_until_stamped("JV8RH39WN63LOXI5LGYQ3N")
    assert str(never.value) == "it is void, not stamped: document_refused, document_damaged"


def test_a_wait_ends_in_time(waits: Waits) -> None:
    with (
        CannedServer(*[(200, order(poll_after_ms=5_000))] * 3) as server,
        pytest.raises(NotReached) as late,
    ):
        waits.client(server.url).wait_until_paid(ORDER_ID, timeout_s=12)
    assert waits.waited_s == [5, 5]
    assert late.value.answer.poll_after_ms == 5_000


def test_an_outage_is_waited_through_and_a_refusal_is_not(waits: Waits) -> None:
    down = [(503, "")] * 11  # more than one call tries
    paid = order(state="paid", poll_after_ms=None)
    with CannedServer(*down, (200, paid), problem(404, "not_found")) as server:
        client = waits.client(server.url)
        assert client.wait_until_paid(ORDER_ID).state == "paid"
        assert sum(waits.waited_s) > 60
        with pytest.raises(Problem, match="not_found"):
            client.wait_until_paid(ORDER_ID)


def test_a_wait_asks_no_sooner_than_it_is_told_though_one_call_would_end_before(
    waits: Waits,
) -> None:
    busy = problem(429, "too_many_requests", retry_after_s=120)
    paid = order(state="paid", poll_after_ms=None)
    with CannedServer(busy, (200, paid)) as server:
        assert waits.client(server.url).wait_until_paid(ORDER_ID).state == "paid"
    assert waits.waited_s == [120]


def test_a_refund_that_the_bank_made_itself_is_made(waits: Waits) -> None:
    made = example("get", "/v1/refunds/{refund_id}", state="superseded", poll_after_ms=None)
    with CannedServer((200, made)) as server:
        waits.client(server.url).wait_until_refunded("rfd_EKYQ65YYVK3ZH2QPVRMU6C63DF")


def test_a_file_is_uploaded_where_the_answer_says(waits: Waits) -> None:
    with CannedServer((503, ""), (204, "")) as storage:
        offer = example("post", "/v1/documents", url=f"{storage.url}/bucket")
        with CannedServer((201, offer)) as server:
            document = waits.client(server.url).upload(b"%PDF-1.7 a letter")
    assert document == hashlib.sha256(b"%PDF-1.7 a letter").hexdigest()
    assert json.loads(server.received[0].body) == {"sha256": document, "size_bytes": 17}
    again = storage.received[1]
    assert "authorization" not in again.headers
    assert again.headers["content-type"].startswith("multipart/form-data; boundary=")
    parts = again.body.split(b"\r\n--")
    assert b'name="file"' in parts[-2]
    assert parts[-2].endswith(b"%PDF-1.7 a letter")


def stamped(**changes: object) -> StampingAnswer:
    return StampingAnswer.model_validate_json(stamping(stamped_sha256=SHA256, **changes))


def test_a_download_is_the_file_on_record(waits: Waits) -> None:
    with CannedServer((200, FILE), (200, FILE + "!")) as storage:
        client, asked = waits.client("http://127.0.0.1:1"), stamped(download_url=storage.url)
        assert client.download(asked) == FILE.encode()
        with pytest.raises(WrongContent):
            client.download(asked)
    assert "authorization" not in storage.received[0].headers


def test_an_address_that_has_expired_is_asked_for_again(waits: Waits) -> None:
    with CannedServer((403, "<Code>AccessDenied</Code>"), (200, FILE)) as storage:
        new = stamping(stamped_sha256=SHA256, download_url=f"{storage.url}/new")
        with CannedServer((200, new)) as server:
            old = stamped(download_url=f"{storage.url}/old")
            assert waits.client(server.url).download(old) == FILE.encode()
    assert storage.requests == [("GET", "/old"), ("GET", "/new")]


def test_what_is_not_stamped_cannot_be_downloaded(waits: Waits) -> None:
    with CannedServer((200, stamping(download_url=None))) as server, pytest.raises(NotReached):
        waits.client(server.url).download(stamped(download_url=None))


def test_what_was_stamped_since_it_was_requested_is_downloaded(waits: Waits) -> None:
    requested = StampingAnswer.model_validate_json(
        stamping(state="reserved", stamped_sha256=None, download_url=None)
    )
    with CannedServer((200, FILE), (200, FILE + "!")) as storage:
        now = stamping(stamped_sha256=SHA256, download_url=storage.url)
        with CannedServer((200, now), (200, now)) as server:
            client = waits.client(server.url)
            assert client.download(requested) == FILE.encode()
            with pytest.raises(WrongContent):
                client.download(requested)


def test_an_augmented_file_begins_with_the_issued_one(waits: Waits) -> None:
    with CannedServer((200, FILE + "+LT"), (200, FILE), (200, "other"), (200, FILE)) as storage:
        asked = stamped(download_url=storage.url, augmented_url=storage.url)
        client = waits.client("http://127.0.0.1:1")
        assert client.download_augmented(asked) == FILE.encode() + b"+LT"
        with pytest.raises(WrongContent):
            client.download_augmented(asked)


@pytest.mark.parametrize("name", ["orders", "stampings", "refunds"])
def test_a_list_is_read_page_by_page_as_far_as_needed(name: str, waits: Waits) -> None:
    page = json.loads(example("get", f"/v1/{name}"))
    cursor = f"{'0' * 16}.{ORDER_ID}"
    pages = [page | {"next": cursor}, page | {name: [], "next": cursor}, page]
    with CannedServer(*((200, json.dumps(one)) for one in pages)) as server:
        listed: Any = getattr(waits.client(server.url), name)(limit=3)
        next(listed)
        assert len(server.requests) == 1
        assert len([*listed]) == 2 * len(page[name]) - 1
    assert [path for _, path in server.requests] == [
        f"/v1/{name}?limit=3",
        *[f"/v1/{name}?after={cursor}&limit=3"] * 2,
    ]


def test_an_operator_acts_on_routes_of_their_own_and_says_why(waits: Waits) -> None:
    ledger = example("get", "/v1/ledger")
    values = {"portal": "sscasn", "deadline_at": None, "honours_receipts": True}
    deadline = json.dumps(values | {"set_at": "2026-11-24T02:00:00Z"})
    answers = [(200, ledger), (200, ledger), (200, deadline), (200, deadline)]
    with CannedServer(*answers) as server:
        client = waits.client(server.url)
        client.ledger()
        client.any_ledger("an account", "a complaint")
        request = DeadlineRequest(deadline_at=None, honours_receipts=True)
        client.set_deadline("sscasn", request)
        by_operator = OperatorDeadlineRequest(**request.model_dump(), reason="by telephone")
        client.set_deadline_for("sscasn", by_operator)
    assert server.requests == [
        ("GET", "/v1/ledger"),
        ("GET", "/v1/operator/ledger?account=an+account&reason=a+complaint"),
        ("POST", "/v1/portals/sscasn/deadline"),
        ("POST", "/v1/operator/portals/sscasn/deadline"),
    ]


def test_another_problem_ends_a_purchase(waits: Waits) -> None:
    with CannedServer(problem(422, "ticket_invalid")) as server, pytest.raises(Problem):
        waits.client(server.url).buy()
