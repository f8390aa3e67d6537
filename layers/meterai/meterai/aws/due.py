"""The clock of an item, as its attributes.

`due_shard` and `due_at` are the keys of the sparse index `by_due`, `deadline_at` is the promise. An
item without them is finished and in no index.
"""

from meterai.aws.items import Item, Value, maybe_time, time
from meterai.domain.clocks import Clock, due_shard

CLOCK = ("due_shard", "due_at", "deadline_at")


def clock_values(item_id: str, clock: Clock | None) -> dict[str, Value]:
    if clock is None:
        return dict.fromkeys(CLOCK)
    return {
        "due_shard": due_shard(item_id),
        "due_at": clock.due_at,
        "deadline_at": clock.deadline_at,
    }


def clock_of(item: Item) -> Clock | None:
    due_at = maybe_time(item, "due_at")
    return None if due_at is None else Clock(due_at, time(item, "deadline_at"))
