"""What to set before the day for a number of people: each value is a rate times a time.

The simulation then shows whether that is enough.
"""

import math
from dataclasses import dataclass, replace

from tests.capacity import units
from tests.capacity.curve import STAMPS_A_PERSON
from tests.capacity.people import REQUESTS_TO_STAMP, People
from tests.capacity.sizes import Size
from tests.capacity.times import Times

HEADROOM = 1.5  # as for WarmThroughput in template.yaml
BURSTS = 1.25  # and for concurrency: people come in bursts
UNRESERVED = 100  # for functions without a reservation, as template.yaml leaves of 1,000


@dataclass(frozen=True, slots=True)
class Change:
    """`where`: a parameter of template.yaml, or a quota of the account."""

    what: str
    where: str
    now: float
    before_the_day: float


def advised(size: Size, people_per_s: float, people: People, times: Times) -> Size:
    """`size`, raised where the busiest minute with `people_per_s` needs more."""
    stamps_per_s = people_per_s * STAMPS_A_PERSON
    limits = size.limits
    concurrency = dict(size.concurrency)
    for name, each_s, per_s in (
        ("Purchase", times.mean_s(units.PURCHASE) + times.latencies.gateway_charge_s, 1),
        ("ReceiveWebhook", times.mean_s(units.WEBHOOK), 2),
        ("ConfirmPayment", times.mean_s(units.CONFIRM) + times.latencies.gateway_status_s, 2),
        ("RequestStamping", times.mean_s(units.REQUEST), STAMPS_A_PERSON),
    ):
        concurrency[name] = max(concurrency[name], _up(BURSTS * per_s * people_per_s * each_s, 10))
    pollers = math.ceil(
        HEADROOM * stamps_per_s / (limits.polls_of_a_poller * size.lanes["Stamp"].batch)
    )
    workers = max(2, pollers) * limits.workers_of_a_poller
    concurrency["Stamp"] = max(concurrency["Stamp"], workers + size.urgent_workers)
    warm = {
        name: max(size.warm_writes.get(name, 0), _up(writes * people_per_s, 500))
        for name, writes in writes_of_a_person().items()
    }
    raised = replace(
        size,
        limits=replace(
            limits,
            api_requests=max(
                limits.api_requests, _up(requests_of_a_person(people) * people_per_s, 500)
            ),
            cognito_logins=max(limits.cognito_logins, _up(people.sign_in * people_per_s, 10)),
            cognito_creations=max(limits.cognito_creations, _up(2 * people.new * people_per_s, 10)),
            kms_signs=max(limits.kms_signs, _up(stamps_per_s, 100)),
            account_concurrency=max(
                limits.account_concurrency,
                _up((sum(concurrency.values()) + UNRESERVED) / HEADROOM, 100),
            ),
        ),
        concurrency=concurrency,
        policy=replace(
            size.policy, capacity_per_s=max(size.policy.capacity_per_s, _up(stamps_per_s, 10))
        ),
        warm_writes={**size.warm_writes, **warm},
    )
    payments = max(size.lanes["ConfirmPayment"].max_workers, concurrency["ConfirmPayment"])
    raised = raised.with_lane("ConfirmPayment", max_workers=payments)
    most = max(size.lanes["Stamp"].max_workers, workers)
    return raised.with_lane("Stamp", min_workers=workers, max_workers=most)


def requests_of_a_person(people: People) -> float:
    """To the API: the order, two webhooks, polls of the unpaid order, uploads and stampings, and
    two polls of each stamping."""
    polls = people.pay_s / people.poll_s + 2 * STAMPS_A_PERSON
    return 1 + 2 + polls + REQUESTS_TO_STAMP * STAMPS_A_PERSON


def writes_of_a_person() -> dict[str, float]:
    """Write units by table and index."""
    found: dict[str, float] = {}
    for step, times in (
        (units.PURCHASE, 1),
        (units.CONFIRM, 1),
        (units.REQUEST, STAMPS_A_PERSON),
        (units.STAMP, STAMPS_A_PERSON),
    ):
        for name, writes in step.writes.items():
            found[name] = found.get(name, 0) + times * writes
    return found


def changes(now: Size, before: Size) -> list[Change]:
    """What differs between two sizes, with the parameter or quota to set."""
    pairs = [
        Change(what, where, getattr(now.limits, name), getattr(before.limits, name))
        for what, where, name in (
            ("API requests a second", "quota of API Gateway, ApiRequestsPerSecond", "api_requests"),
            ("logins a second", "quota of Cognito, UserAuthentication", "cognito_logins"),
            ("sign-up calls a second", "quota of Cognito, UserCreation", "cognito_creations"),
            ("signatures a second", "quota of KMS, RSA requests", "kms_signs"),
            ("functions at once", "quota of Lambda, concurrency", "account_concurrency"),
        )
    ]
    each = now.limits.workers_of_a_poller
    stamping = now.lanes["Stamp"], before.lanes["Stamp"]
    first, most = now.parameters["Stamp/min"], now.parameters["Stamp/max"]
    pairs += [
        Change("pollers from the start", first, *(one.min_workers / each for one in stamping)),
        Change("pollers at most", most, *(one.max_workers / each for one in stamping)),
        Change(
            "stampings a second that admission begins with",
            "StampingsPerSecond",
            now.policy.capacity_per_s,
            before.policy.capacity_per_s,
        ),
    ]
    pairs += [
        Change("functions at once", now.parameters[name], count, before.concurrency[name])
        for name, count in sorted(now.concurrency.items())
        if name in now.parameters
    ]
    least = now.limits.table_writes
    for parameter in sorted({now.parameters[name] for name in now.warm_writes}):
        tables = [name for name in now.warm_writes if now.parameters[name] == parameter]
        was, will = (
            max(max(least, size.warm_writes.get(name, 0)) for name in tables)
            for size in (now, before)
        )
        pairs.append(Change("write units a second", parameter, was, will))
    return [pair for pair in pairs if pair.now != pair.before_the_day]


def _up(count: float, to: int) -> int:
    """With headroom, rounded up."""
    return math.ceil(HEADROOM * count / to) * to
