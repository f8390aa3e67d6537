"""What is sold: only what can be stamped, and only while the switch is not off."""

from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.waiting.selling import Closed, why_closed

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("signs_until", "switch", "why"),
    [
        (NOW + SECOND, "on", None),
        (NOW, "on", Closed.NO_SIGNING_IDENTITY),
        (None, "on", Closed.NO_SIGNING_IDENTITY),
        (NOW + SECOND, "off", Closed.SWITCHED_OFF),
        (None, "off", Closed.SWITCHED_OFF),
    ],
)
def test_nothing_is_sold_that_cannot_be_stamped_or_after_an_operator_said_no(
    signs_until: datetime | None, switch: str, why: Closed | None
) -> None:
    assert why_closed(signs_until, NOW, switched_off=switch == "off") is why
