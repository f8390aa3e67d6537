"""The waiting room: one ticket an account, kept while it is valid, and good for one order."""

from datetime import timedelta

from meterai.domain.id_derivation import OrderId
from meterai.domain.waiting.tickets import QueueTicket, whole_milliseconds
from tests.contract import factories
from tests.contract.backends import Backend
from tests.contract.factories import MINUTE

ORDER, OTHER_ORDER = OrderId("ord_" + "A" * 26), OrderId("ord_" + "B" * 26)
NOW = whole_milliseconds(factories.NOW)
LONG_AGO = NOW - 60 * MINUTE


def taken(backend: Backend, account: str = "someone", minutes: int = 0) -> QueueTicket:
    wanted = QueueTicket(account, NOW + minutes * MINUTE)
    return backend.waiting_room.take(wanted, LONG_AGO)


def test_a_ticket_is_kept_however_often_it_is_requested(backend: Backend) -> None:
    first = taken(backend)
    assert first == QueueTicket("someone", NOW)
    assert taken(backend, minutes=5) == first


def test_each_account_has_its_own_ticket(backend: Backend) -> None:
    taken(backend, "one")
    assert taken(backend, "other", minutes=1).issued_at == NOW + MINUTE


def test_an_expired_ticket_is_replaced(backend: Backend) -> None:
    taken(backend)
    later = QueueTicket("someone", NOW + 20 * MINUTE)
    assert backend.waiting_room.take(later, over=NOW) == later
    assert backend.waiting_room.take(QueueTicket("someone", NOW + 30 * MINUTE), NOW) == later


def test_a_used_ticket_is_replaced_and_the_new_one_serves_an_order(backend: Backend) -> None:
    assert backend.waiting_room.use(taken(backend), ORDER)
    second = taken(backend, minutes=1)
    assert second == QueueTicket("someone", NOW + MINUTE)
    assert backend.waiting_room.use(second, OTHER_ORDER)


def test_a_ticket_serves_one_order_however_often_it_is_shown(backend: Backend) -> None:
    held = taken(backend)
    assert backend.waiting_room.use(held, ORDER)
    assert backend.waiting_room.use(held, ORDER)
    assert not backend.waiting_room.use(held, OTHER_ORDER)


def test_a_released_ticket_serves_another_order(backend: Backend) -> None:
    held = taken(backend)
    backend.waiting_room.use(held, ORDER)
    for _ in range(2):
        backend.waiting_room.release("someone", ORDER)
    assert taken(backend, minutes=5) == held
    assert backend.waiting_room.use(held, OTHER_ORDER)


def test_only_the_order_that_a_ticket_serves_releases_it(backend: Backend) -> None:
    held = taken(backend)
    backend.waiting_room.release("someone", ORDER)
    backend.waiting_room.use(held, ORDER)
    backend.waiting_room.release("someone", OTHER_ORDER)
    backend.waiting_room.release("nobody", ORDER)
    assert not backend.waiting_room.use(held, OTHER_ORDER)
    assert backend.waiting_room.use(taken(backend, "nobody"), OTHER_ORDER)


def test_a_ticket_that_was_replaced_serves_no_order(backend: Backend) -> None:
    first = taken(backend)
    later = backend.waiting_room.take(QueueTicket("someone", NOW + 20 * MINUTE), over=NOW)
    assert not backend.waiting_room.use(first, ORDER)
    assert backend.waiting_room.use(later, ORDER)


def test_a_ticket_that_was_never_issued_serves_no_order(backend: Backend) -> None:
    assert not backend.waiting_room.use(QueueTicket("someone", NOW), ORDER)


def test_tickets_are_counted_by_the_time_they_were_issued(backend: Backend) -> None:
    for minute in range(5):
        for account in range(3):
            taken(backend, f"{minute} {account}", minutes=minute)
    counted = backend.waiting_room.issued
    assert counted(NOW, NOW + 4 * MINUTE) == 12  # after the first time, up to and with the second
    assert counted(NOW - MINUTE, NOW) == 3
    assert counted(NOW + 2 * MINUTE, NOW + 2 * MINUTE) == 0
    assert counted(NOW + 3 * MINUTE, NOW + MINUTE) == 0
    assert counted(NOW + 4 * MINUTE, NOW + timedelta(days=1)) == 0
