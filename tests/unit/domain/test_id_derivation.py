"""Ids: the same request always gets the same id, and no two requests share one."""

import re
from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from meterai.domain.id_derivation import (
    IdDeriver,
    OrderId,
    RequestIdentity,
    charge_id,
    order_of_charge,
)
from meterai.domain.refunds.refunds import refund_of_gateway_key
from meterai.domain.timers import timer_shard
from tests.generated import examples

IDS = IdDeriver(b"pinned")
INTENTION = RequestIdentity("orders", "account", "key-0001")
intentions = st.builds(
    RequestIdentity, st.text(max_size=4), st.text(max_size=4), st.text(max_size=4)
)

brief = examples(80)


def test_derived_ids_never_change() -> None:
    """Every stored item is found by these ids. If this fails, nothing sold is found again."""
    assert IDS.order_id(INTENTION) == "ord_X74JTTRAHMWDF5ZNCPQHQM6ZJH"
    assert IDS.serial(INTENTION, 0) == "3TX8BV7ANJY8HJMLT3VVQI"
    assert IDS.serial(INTENTION, 1) == "JWGCBN50HUQC5YJMHSZE21"
    assert IDS.refund_id(INTENTION) == "rfd_X74JTTRAHMWDF5ZNCPQHQM6ZJH"
    assert IDS.draft_id(INTENTION) == "drf_X74JTTRAHMWDF5ZNCPQHQM6ZJH"
    assert IDS.automatic_refund_id("midtrans#tx") == "rfd_VDFH5FS3Q4EJJEXITDQUGO7IFC"
    assert IDS.automatic_refund_id("midtrans#tx", (0, 2)) == "rfd_LUWK75DZUOPENOIDL7XJXU2Q6K"
    assert IDS.pseudonym("account") == "syqofxtyhciyuxlxrbmf2ealnh"
    assert [timer_shard(item) for item in ("ord_A", "", "rfd_B")] == [7, 0, 6]


@brief
@given(intentions, intentions)
def test_no_two_requests_share_an_id(one: RequestIdentity, other: RequestIdentity) -> None:
    assume(one != other)
    assert IDS.order_id(one) != IDS.order_id(other)
    assert IDS.serial(one, 0) != IDS.serial(other, 0)
    assert IDS.refund_id(one) != IDS.refund_id(other)
    assert IDS.draft_id(one) != IDS.draft_id(other)


def test_parts_are_not_confused_when_split_differently() -> None:
    """Joined without their lengths, these would be the same bytes."""
    parts = ["", "a", "ab", "b", "\x00", "\x00\x00\x00\x01a"]
    ids = {IDS.order_id(RequestIdentity(*three)) for three in product(parts, repeat=3)}
    assert len(ids) == len(parts) ** 3


def test_each_index_and_each_secret_has_its_own_serial() -> None:
    assert len({IDS.serial(INTENTION, index) for index in range(100)}) == 100
    assert IdDeriver(b"another").serial(INTENTION, 0) != IDS.serial(INTENTION, 0)


def test_an_automatic_refund_is_one_for_each_payment_and_set_of_slots() -> None:
    ids = [
        IDS.automatic_refund_id(payment, slots)
        for payment in ("midtrans#1", "midtrans#11", "midtrans#1\x000")
        for slots in ((), (0,), (1,), (0, 1), (11,))
    ]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("rfd_[A-Z2-7]{26}", one) for one in ids)


def test_an_account_and_its_pseudonym_have_nothing_in_common() -> None:
    assert re.fullmatch("[a-z2-7]{26}", IDS.pseudonym("budi@example.id"))
    assert IDS.pseudonym("a") != IDS.pseudonym("b")


def test_a_charge_names_its_order_and_fits_the_gateways_limit() -> None:
    order_id = IDS.order_id(INTENTION)
    assert order_of_charge(charge_id(order_id, 12)) == order_id
    assert len(charge_id(order_id, 10**9)) <= 50
    assert order_of_charge("payment_notif_test") == OrderId("payment_notif_test")


def test_only_a_gateway_key_of_this_system_names_a_refund() -> None:
    refund_id = IDS.automatic_refund_id("midtrans#tx")
    assert refund_of_gateway_key(f"{refund_id}-1") == refund_id
    assert refund_of_gateway_key(f"{refund_id}-12") == refund_id
    for key in ("", "by-hand", refund_id, f"{refund_id}-0", f"{refund_id}-1\n", f"x{refund_id}-1"):
        assert refund_of_gateway_key(key) is None
