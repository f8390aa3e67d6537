"""The scenarios: the targets, 2024 without failures, and 2024 without the extended deadline."""

from tests.capacity.curve import DAY_S, HOUR_S, flood, hour_and_minute, last_hours, weeks
from tests.capacity.people import NEWCOMERS
from tests.capacity.simulation import Scenario

BULK_STAMPS = 100_000  # one customer's, at once
SUSTAINED = "30/s for an hour, 90/s for a minute"
SURGE = "250/s for an hour, 750/s for a minute"
FLOOD = "2,500/s offered for ten minutes"
WEEKS = weeks().name
LAST_HOURS = last_hours().name


def scenarios() -> list[Scenario]:
    return [
        Scenario(
            SUSTAINED,
            hour_and_minute(SUSTAINED, 30, 90),
            expected_people_per_s=45,
            bulk=((600, BULK_STAMPS),),
        ),
        Scenario(
            SURGE,
            hour_and_minute(SURGE, 250, 750),
            expected_people_per_s=375,
            cohort_size=25,
            bulk=((600, BULK_STAMPS),),
        ),
        Scenario(FLOOD, flood(FLOOD, 2_500, 600), expected_people_per_s=375, cohort_size=50),
        Scenario(
            WEEKS,
            weeks(),
            expected_people_per_s=45,
            people=NEWCOMERS,
            cohort_size=100,
            tick_s=20,
            check_s=600,
            bulk=((17.4 * DAY_S, BULK_STAMPS),),
        ),
        Scenario(
            LAST_HOURS,
            last_hours(),
            expected_people_per_s=375,
            cohort_size=50,
            tick_s=2,
            check_s=30,
            bulk=((6 * HOUR_S, BULK_STAMPS),),
        ),
    ]


def quick() -> Scenario:
    """Ten minutes of the first target, for a run of seconds."""
    return Scenario(
        "30/s for ten minutes",
        flood("30/s for ten minutes", 30, 600),
        expected_people_per_s=15,
        bulk=((60, 1_000),),
    )
