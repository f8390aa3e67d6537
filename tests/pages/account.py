"""The account that the pages are shown of."""

from typing import Any

# Schedules are fired by those who need them, so that a page shows the same each time.
OPTIONS: dict[str, Any] = {
    "fire_schedules": False,
    "redeliver_after_s": 1,
    "more_parameters": {"LoadSnapshotRunS": "0"},
}
