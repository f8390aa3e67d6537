"""Tickets: signed for one account, with the time of issue."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.errors import TicketInvalid
from meterai.domain.waiting.tickets import (
    QueueTicket,
    parse_ticket,
    ticket_text,
    whole_milliseconds,
)
from tests.fakes.token_keys import signer

SIGNER = signer()
ISSUED = datetime(2026, 11, 24, 16, 40, 0, 123_000, tzinfo=UTC)
TICKET = ticket_text(QueueTicket("somebody", ISSUED), SIGNER)


@given(st.integers(1_700_000_000_000_000, 4_000_000_000_000_000))
def test_a_ticket_contains_its_time_of_issue(microseconds: int) -> None:
    at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    ticket = QueueTicket("somebody", whole_milliseconds(at))
    assert parse_ticket(ticket_text(ticket, SIGNER), "somebody", SIGNER) == ticket


def test_a_ticket_is_short_enough_to_be_typed() -> None:
    assert len(TICKET) == 44


def test_a_ticket_of_another_account_is_refused() -> None:
    with pytest.raises(TicketInvalid):
        parse_ticket(TICKET, "somebody else", SIGNER)


def test_an_earlier_time_cannot_be_written_into_a_ticket() -> None:
    issued, mark = TICKET.split(".")
    with pytest.raises(TicketInvalid):
        parse_ticket(f"{int(issued) - 60_000}.{mark}", "somebody", SIGNER)


def test_a_ticket_of_another_system_is_refused() -> None:
    with pytest.raises(TicketInvalid):
        parse_ticket(TICKET, "somebody", signer(b"another secret"))


@pytest.mark.parametrize(
    "ticket",
    ["", ".", TICKET[:-1], TICKET + "A", TICKET.lower(), " " + TICKET, TICKET + "\n", "٣" * 44],
)
def test_a_text_that_is_no_ticket_is_refused(ticket: str) -> None:
    with pytest.raises(TicketInvalid):
        parse_ticket(ticket, "somebody", SIGNER)


@given(st.text(max_size=60))
def test_any_text_is_refused_without_another_error(ticket: str) -> None:
    with pytest.raises(TicketInvalid):
        parse_ticket(ticket, "somebody", SIGNER)


def test_a_time_is_truncated_to_a_tickets_precision() -> None:
    assert whole_milliseconds(ISSUED + timedelta(microseconds=999)) == ISSUED
    half_past = ISSUED.replace(microsecond=500_000)
    assert whole_milliseconds(half_past) == half_past
