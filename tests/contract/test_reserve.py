"""Reserving: the order's slots and the e-meterai are written together or not at all."""

from dataclasses import replace

import pytest

from meterai.domain.orders.orders import DOCUMENT_PREFIX, Order, Taken
from meterai.domain.stamping.stampings import EMeterai, VoidReason
from meterai.ports import OrderMoved, Reserved
from tests.contract.backends import Backend
from tests.contract.factories import DOCUMENT, MINUTE, NOW, a_payment, a_stamping, an_order

LATER = NOW + 60 * MINUTE


def put_order(backend: Backend) -> Order:
    return backend.orders.put_new(an_order())


def nothing_changed(backend: Backend, order: Order, *emeterai: EMeterai) -> bool:
    """The order is as it was, and none of these e-meterai was written."""
    serials = [one.serial for one in emeterai]
    return (backend.orders.get(order.order_id), backend.serials.get_many(serials)) == (order, ())


def test_one_emeterai_takes_its_slot(backend: Backend) -> None:
    order = put_order(backend)
    (one,) = a_stamping(order, 1)
    assert backend.serials.reserve(order, [one]) == Reserved((one,))
    assert backend.serials.get(one.serial) == one
    taken = Taken(one.serial, one.serial, DOCUMENT[:DOCUMENT_PREFIX])
    assert backend.orders.get(order.order_id) == replace(order, slots={1: taken})
    assert list(backend.serial_timers.due(LATER)) == [one.serial]


def test_several_take_their_slots_and_share_one_timer(backend: Backend) -> None:
    order = put_order(backend)
    stamping = a_stamping(order, 0, 2)
    first, second = stamping
    assert backend.serials.reserve(order, stamping) == Reserved(stamping)
    assert backend.serials.get_many([second.serial, first.serial]) == (second, first)
    prefix = DOCUMENT[:DOCUMENT_PREFIX]
    standing = backend.orders.get(order.order_id)
    assert standing is not None
    assert standing.slots == {
        0: Taken(first.serial, first.serial, prefix),
        2: Taken(second.serial, first.serial, prefix),
    }
    assert list(backend.serial_timers.due(LATER)) == [first.serial]


def test_bulk_is_marked_in_the_order_too_and_removed_with_its_slots(backend: Backend) -> None:
    order = put_order(backend)
    bulk = a_stamping(order, 0, 2, bulk=True)
    assert backend.serials.reserve(order, bulk) == Reserved(bulk)
    standing = backend.orders.get(order.order_id)
    assert standing is not None
    (ordinary,) = a_stamping(order, 1, name="ordinary")
    assert backend.serials.reserve(standing, [ordinary]) == Reserved((ordinary,))
    standing = backend.orders.get(order.order_id)
    assert standing is not None
    assert standing.stampings().keys() == {bulk[0].serial, ordinary.serial}
    assert standing.bulk_stampings() == {bulk[0].serial}
    assert backend.serials.get_many([one.serial for one in bulk]) == bulk
    assert backend.serials.void(bulk, VoidReason.REFUND_REQUESTED, NOW)
    standing = backend.orders.get(order.order_id)
    assert standing is not None
    assert standing.free_slots == (0, 2)


def test_every_member_is_read_as_it_was_put(backend: Backend) -> None:
    order = put_order(backend)
    stamping = a_stamping(order, 0, 1, portal="sscasn", reason="Surat pernyataan — ½")
    backend.serials.reserve(order, stamping)
    assert backend.serials.get_many([one.serial for one in stamping]) == stamping


def test_a_stamping_requested_again_is_returned_as_it_is_stored(backend: Backend) -> None:
    order = put_order(backend)
    stamping = a_stamping(order, 0, 1)
    backend.serials.reserve(order, stamping)
    (first, _) = backend.serials.claim([one.serial for one in stamping], NOW, NOW + MINUTE)
    assert backend.serials.reserve(order, stamping) == Reserved((first,))
    current = backend.orders.get(order.order_id)
    assert current is not None
    assert backend.serials.reserve(current, a_stamping(order, 2)) == Reserved((first,))


def test_a_stored_serial_is_never_overwritten(backend: Backend) -> None:
    """Not even where every slot is free: the hash tells another request, or a collision, apart."""
    order = put_order(backend)
    other = backend.orders.put_new(an_order("other"))
    (one,) = a_stamping(order, 0)
    backend.serials.reserve(order, [one])
    (again,) = a_stamping(other, 0, body_hash="e" * 32)
    assert backend.serials.reserve(other, [again]) == Reserved((one,))
    assert backend.serials.get(one.serial) == one
    assert backend.orders.get(other.order_id) == other


def test_a_collision_with_a_later_serial_writes_nothing(backend: Backend) -> None:
    order = put_order(backend)
    (standing,) = a_stamping(order, 0)
    backend.serials.reserve(order, [standing])
    current = backend.orders.get(order.order_id)
    assert current is not None
    (first, second) = a_stamping(order, 1, 2, name="another")
    serials = (first.serial, standing.serial)
    colliding = (
        replace(first, serials=serials),
        replace(second, serial=standing.serial, serials=serials),
    )
    assert backend.serials.reserve(current, colliding) == Reserved((standing,))
    assert nothing_changed(backend, current, first)


def test_a_slot_taken_meanwhile_means_that_the_order_has_moved(backend: Backend) -> None:
    order = put_order(backend)
    backend.serials.reserve(order, a_stamping(order, 1))
    current = backend.orders.get(order.order_id)
    assert current is not None
    late = a_stamping(order, 0, 1, name="late")
    assert backend.serials.reserve(order, late) == OrderMoved()
    assert nothing_changed(backend, current, *late)


def test_an_order_that_was_paid_meanwhile_has_moved(backend: Backend) -> None:
    order = put_order(backend)
    paid = backend.orders.mark_paid(order, a_payment(order))
    assert paid is not None
    stamping = a_stamping(order, 0)
    assert backend.serials.reserve(order, stamping) == OrderMoved()
    assert nothing_changed(backend, paid, *stamping)
    assert backend.serials.reserve(paid, stamping) == Reserved(stamping)


def test_an_unknown_order_has_no_slots_to_reserve(backend: Backend) -> None:
    order = an_order("unknown")
    (one,) = a_stamping(order, 0)
    assert backend.serials.reserve(order, [one]) == OrderMoved()
    assert backend.serials.get(one.serial) is None
    assert backend.orders.get(order.order_id) is None


def test_a_stamping_is_reserved_as_a_whole(backend: Backend) -> None:
    order = put_order(backend)
    stamping = a_stamping(order, 0, 1)
    with pytest.raises(ValueError, match="as a whole"):
        backend.serials.reserve(order, stamping[:1])


def test_many_serials_are_read_in_the_order_requested(backend: Backend) -> None:
    order = put_order(backend)
    a, b, c = a_stamping(order, 0, 1, 2)
    backend.serials.reserve(order, (a, b, c))
    (unknown,) = a_stamping(order, 0, name="unknown")
    requested = [c.serial, unknown.serial, a.serial, c.serial]
    assert backend.serials.get_many(requested) == (c, a, c)
    assert backend.serials.get_many([]) == ()
