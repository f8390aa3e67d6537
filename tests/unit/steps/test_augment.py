"""Augmentation: a stamped file is available at once; a second file reaches the level later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.metrics import Metric
from meterai.domain.stamping.augmentation import FIRST_CHECK, MAX_WAIT, PROMISE, SignatureLevel
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.stamping.verdicts import Verdict
from meterai.domain.timers import Timer
from meterai.messages import AugmentStamp
from meterai.steps.augment import augment
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump

B_LT, B_T = SignatureLevel.B_LT, SignatureLevel.B_T


def stamped(app: InMemoryApp, level: SignatureLevel, *, count: int = 1) -> EMeterai:
    """Without the work of the augmentation lane."""
    app.ports.signature_level = level
    order = app.buy(quantity=count)
    app.settle(order)
    while app.state.payments_lane:
        app.act_on(app.state.payments_lane.popleft().message)
    first = app.request(order.order_id, count=count)
    app.act_on(app.state.stamping_lane.popleft().message)
    return stored(app, first)


def stored(app: InMemoryApp, one: EMeterai) -> EMeterai:
    return app.state.serials[one.serial]


def test_a_stamp_of_level_b_b_is_finished_at_once(app: InMemoryApp) -> None:
    assert stamped(app, SignatureLevel.B_B).timer is None
    assert not app.state.augmentation_lane


def test_a_stamp_of_level_b_t_is_finished_with_its_timestamp(app: InMemoryApp) -> None:
    assert stamped(app, B_T).timer is None
    assert not app.state.augmentation_lane


def test_a_stamp_of_level_b_lt_is_sent_to_augmentation_at_once(app: InMemoryApp) -> None:
    one = stamped(app, B_LT, count=2)
    now = app.state.now
    assert one.timer == Timer(now + FIRST_CHECK, now + PROMISE)
    (letter,) = app.state.augmentation_lane
    assert letter.message == AugmentStamp(serial=one.serial)
    app.act_on(letter.message)
    outputs = tuple(
        Output.of(files[one.serial]) for files in (app.state.stamped, app.state.augmented)
    )
    for serial in one.serials:
        assert app.state.serials[serial].outputs == outputs
        assert app.state.serials[serial].timer is None
    assert app.state.augmented[one.serial].startswith(app.state.stamped[one.serial])


@pytest.mark.parametrize("level", [B_T, B_LT])
def test_without_a_timestamp_server_it_is_stamped_and_its_timer_is_set(
    app: InMemoryApp, pump: MessagePump, level: SignatureLevel
) -> None:
    app.state.timestamp_servers_answer = False
    one = stamped(app, level)
    assert (one.state, len(one.outputs)) == (SerialState.STAMPED, 1)
    assert one.timer is not None
    assert not app.state.augmentation_lane, "the server would not answer either"

    app.state.timestamp_servers_answer = True
    app.state.now = one.timer.next_check_at
    app.sweep()
    pump.deliver()
    augmented = stored(app, one)
    assert (augmented.timer, len(augmented.outputs)) == (None, 2)


def test_it_is_checked_less_and_less_often_while_no_server_answers(app: InMemoryApp) -> None:
    app.state.timestamp_servers_answer = False
    one = stamped(app, B_LT)
    waits = []
    for _ in range(12):
        timer = stored(app, one).timer
        assert timer is not None
        waits.append(timer.next_check_at - app.state.now)
        app.state.now = timer.next_check_at
        app.sweep()
    assert waits[:4] == [FIRST_CHECK, FIRST_CHECK, 2 * FIRST_CHECK, 4 * FIRST_CHECK]
    assert waits[-1] == MAX_WAIT
    assert len(app.state.augmentation_lane) == 12


def test_a_file_that_is_not_augmented_in_time_is_counted_and_still_checked(
    app: InMemoryApp, pump: MessagePump
) -> None:
    app.state.timestamp_servers_answer = False
    one = stamped(app, B_LT)
    app.state.pass_time(PROMISE)
    app.sweep()
    assert app.ports.metrics.recorded == [(Metric.AUGMENTATION_LATE, 1)]
    app.state.timestamp_servers_answer = True
    pump.deliver()
    assert stored(app, one).timer is None


def test_a_message_delivered_twice_augments_once(app: InMemoryApp, pump: MessagePump) -> None:
    one = stamped(app, B_LT)
    app.state.augmentation_lane.append(app.state.augmentation_lane[0])
    pump.deliver()
    listed = stored(app, one)
    app.state.pass_time(timedelta(minutes=1))
    augment(one.serial, app.ports, app.now)
    assert stored(app, one) == listed
    assert listed.outputs[1] == Output.of(app.state.augmented[one.serial])


def test_a_file_stored_by_an_earlier_try_is_the_one_listed(app: InMemoryApp) -> None:
    one = stamped(app, B_LT)
    earlier = app.state.stamped[one.serial] + b" of an earlier try"
    app.ports.documents.put_augmented(one, earlier)
    augment(one.serial, app.ports, app.now)
    assert stored(app, one).outputs == (*one.outputs, Output.of(earlier))


def test_a_file_that_has_its_level_already_is_not_stored_again(app: InMemoryApp) -> None:
    """After a worker that died having stored its file, no item says which level the file has."""
    app.ports.signature_level = B_T
    first = stamped(app, B_T)
    timer = Timer(app.state.now, app.state.now)
    app.state.serials[first.serial] = one = replace(first, timer=timer)
    augment(one.serial, app.ports, app.now)
    assert stored(app, one) == first
    assert not app.state.augmented


def test_both_files_are_genuine(app: InMemoryApp, pump: MessagePump) -> None:
    one = stamped(app, B_LT)
    pump.deliver()
    for files in (app.state.stamped, app.state.augmented):
        result = app.verify(app.upload(files[one.serial]))
        assert result.verdict is Verdict.GENUINE


def test_while_augmentation_waits_the_stamping_counts_as_stamped(app: InMemoryApp) -> None:
    app.state.timestamp_servers_answer = False
    one = stamped(app, B_LT)
    assert app.verify(app.upload(app.state.stamped[one.serial])).verdict is Verdict.GENUINE
    assert app.ledger().differences == ()
    (order,) = app.ledger().orders
    assert (order.stamped, order.available) == (1, 0)
