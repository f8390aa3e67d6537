"""Deadline receipts: from the moment a document is accepted and paid, the same one for a day."""

import json
from datetime import timedelta

import pytest

from meterai.domain.errors import NotFound, OrderNotPaid, ReceiptOver, Unavailable
from meterai.domain.receipts import Receipt, hour_of
from meterai.domain.serials import Serial
from meterai.steps.read_receipt import Receipting, read_receipt
from meterai.steps.renew_receipt_key import renew_receipt_key
from meterai.trust.receipts import check, key_id_of
from tests.fakes.receipt_seal import local_seal
from tests.fakes.world import Moment
from tests.unit.steps.office import BUYER, EXPIRES_IN, Office
from tests.unit.steps.postman import Postman

SEAL = local_seal("meterai.example")
HOUR = timedelta(hours=1)


def renew(office: Office) -> int:
    return renew_receipt_key(office.ports.receipt_keys, SEAL, office.world.now)


def read(office: Office, stamping: Serial, by: str = BUYER) -> str:
    needs = Receipting(
        orders=office.ports.orders,
        serials=office.ports.serials,
        keys=office.ports.receipt_keys,
        seal=SEAL,
        identities=office.identities,
        now=office.world.now,
    )
    return read_receipt(by, stamping, needs)


def said(office: Office, receipt: str) -> Receipt:
    statements = office.world.receipt_statements
    return check(receipt, statements[key_id_of(receipt)], json.loads(statements["root"]))[1]


def paid(office: Office) -> Serial:
    order = office.buy()
    office.settle(order)
    office.act_on(office.world.payments_lane.popleft().message)
    office.upload()
    return office.request(order.order_id, portal="sscasn").stamping


def test_there_is_a_key_for_this_hour_and_the_next(office: Office) -> None:
    assert renew(office) == 2
    hours = [key.hour for key in office.world.receipt_keys]
    assert hours == [hour_of(office.world.now), hour_of(office.world.now) + HOUR]
    assert renew(office) == 0


def test_it_is_vouched_for_once_and_published_before_it_is_held(office: Office) -> None:
    seen: list[str] = []
    office.world.hook = lambda moment, call: seen.append(call) if moment == "after" else None
    renew(office)
    assert seen[1:4] == ["ReceiptKeys.publish"] * 3
    assert seen[4] == "ReceiptKeys.hold"


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", ["ReceiptKeys.held", "ReceiptKeys.publish", "ReceiptKeys.hold"])
def test_cut_off_anywhere_the_next_one_makes_what_is_lacking(
    office: Office, call: str, moment: Moment
) -> None:
    def cut(at: Moment, name: str) -> None:
        if (at, name) == (moment, call):
            office.world.hook = lambda _moment, _call: None
            raise Unavailable(party=name)

    office.world.hook = cut
    with pytest.raises(Unavailable):
        renew(office)
    renew(office)
    held = office.world.receipt_keys
    assert len({key.hour for key in held}) == 2
    assert {key.key_id for key in held} <= office.world.receipt_statements.keys()


def test_a_keys_day_is_remembered_and_no_longer(office: Office) -> None:
    for _ in range(60):
        renew(office)
        office.world.pass_time(HOUR)
    assert len(office.world.receipt_keys) <= 27


def test_a_paid_stamping_has_its_receipt(office: Office) -> None:
    renew(office)
    stamping = paid(office)
    receipt = said(office, read(office, stamping))
    assert (receipt.stamping, receipt.portal) == (stamping, "sscasn")
    assert receipt.account == office.identities.pseudonym(BUYER)
    assert receipt.accepted_at == office.world.now.replace(microsecond=0)


def test_it_is_the_same_hours_later(office: Office) -> None:
    renew(office)
    stamping = paid(office)
    first = read(office, stamping)
    for _ in range(5):
        office.world.pass_time(HOUR)
        renew(office)
    assert read(office, stamping) == first


def test_after_a_day_it_is_over(office: Office) -> None:
    renew(office)
    stamping = paid(office)
    office.world.pass_time(26 * HOUR)
    renew(office)
    with pytest.raises(ReceiptOver) as refused:
        read(office, stamping)
    assert refused.value.values == {"stamping_id": stamping}


def test_for_a_day_it_is_given_also_where_it_was_accepted_at_the_end_of_an_hour(
    office: Office,
) -> None:
    """Never is somebody told to try again for a key that is forgotten."""
    office.world.now = hour_of(office.world.now) + timedelta(minutes=59)
    renew(office)
    stamping = paid(office)
    first = read(office, stamping)
    for _ in range(47):
        office.world.pass_time(HOUR / 2)
        renew(office)
        assert read(office, stamping) == first
    office.world.pass_time(2 * HOUR)
    renew(office)
    with pytest.raises(ReceiptOver):
        read(office, stamping)


def test_before_it_is_paid_nothing_was_accepted(office: Office) -> None:
    renew(office)
    order = office.buy()
    office.upload()
    stamping = office.request(order.order_id).stamping
    with pytest.raises(OrderNotPaid) as refused:
        read(office, stamping)
    assert refused.value.values == {"order_id": order.order_id, "state": "pending"}
    office.world.pass_time(timedelta(minutes=3))
    office.settle(order)
    office.act_on(office.world.payments_lane.popleft().message)
    assert said(office, read(office, stamping)).accepted_at == office.world.now.replace(
        microsecond=0
    )


def test_what_nobody_paid_for_in_time_says_so(office: Office, postman: Postman) -> None:
    order = office.buy()
    office.upload()
    stamping = office.request(order.order_id).stamping
    office.world.pass_time(2 * EXPIRES_IN)
    postman.until_quiet()
    with pytest.raises(OrderNotPaid) as refused:
        read(office, stamping)
    assert refused.value.values == {"order_id": order.order_id, "state": "expired"}


def test_it_is_its_accounts_alone(office: Office) -> None:
    renew(office)
    stamping = paid(office)
    with pytest.raises(NotFound):
        read(office, stamping, by="another")


def test_an_hour_without_a_key_says_to_ask_again(office: Office) -> None:
    stamping = paid(office)
    with pytest.raises(Unavailable):
        read(office, stamping)
