"""The timer of an item, as its attributes.

`timer_shard` and `next_check_at` are the keys of the sparse index `by_next_check`, `deadline_at`
is the promise. An item without them is finished and in no index.
"""

from meterai.aws.tables.attributes import Item, Value, maybe_time, time
from meterai.domain.timers import Timer, timer_shard

TIMER = ("timer_shard", "next_check_at", "deadline_at")


def timer_values(item_id: str, timer: Timer | None) -> dict[str, Value]:
    if timer is None:
        return dict.fromkeys(TIMER)
    return {
        "timer_shard": timer_shard(item_id),
        "next_check_at": timer.next_check_at,
        "deadline_at": timer.deadline_at,
    }


def timer_of(item: Item) -> Timer | None:
    next_check_at = maybe_time(item, "next_check_at")
    return None if next_check_at is None else Timer(next_check_at, time(item, "deadline_at"))
