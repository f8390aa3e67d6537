"""No scans: what the functions read in this folder, and by what they narrowed it.

Every call of every function is recorded (`tests/local/read_audit.py`). Whatever may read more than
the
one thing it names is in the tables below, or fails here: so nothing costs more the more is stored.
"""

import pytest

from tests.e2e.test_least_privilege import whole_folder_is_run
from tests.local.environment import Environment
from tests.local.read_audit import Read

DUE = "timer_shard = :shard AND next_check_at <= :now"
# By what: the key of what is asked for, or one of so many shards and a time. Nothing is filtered: a
# filter reads, and is charged for, what it keeps back.
QUERIES = {
    ("OrdersTable/index/by_account", "account = :account"): {"ReadLedger"},
    ("OrdersTable/index/by_next_check", DUE): {"Sweep"},
    ("SerialsTable/index/by_next_check", DUE): {"Sweep"},
    ("RefundsTable/index/by_next_check", DUE): {"Sweep"},
    ("PaymentsTable", "order_id = :order_id"): {"ReadLedger", "Reconcile"},
    (
        "PaymentsTable/index/by_day",
        "day_shard = :shard AND settled_at BETWEEN :begins AND :last",
    ): {"Reconcile"},
    (
        "WaitingRoomTable/index/by_issue",
        "issue_shard = :shard AND issued_at BETWEEN :first AND :last",
    ): {"PublishLoadSnapshot"},
    ("LoadStatusTable", "flow = :flow AND at BETWEEN :since AND :until"): {"PublishLoadSnapshot"},
}
# How long a queue is: asked on a schedule, never while somebody waits for the answer.
DEPTHS = {"PublishLoadSnapshot", "Sweep"}


@pytest.fixture(scope="module")
def looked(place: Environment, environments: list[Environment]) -> frozenset[Read]:
    """By logical names, of the functions alone."""
    assert place in environments
    names = {
        environment.account.physical(name): name
        for environment in environments
        for name in environment.account.created
    }
    return frozenset(
        one._replace(who=one.who.removesuffix("Function"), through=_logical(one.through, names))
        for one in environments[0].account.reads()
        if one.who.endswith("Function")
    )


def _logical(through: str, names: dict[str, str]) -> str:
    if through in names:  # a queue's address has slashes of its own
        return names[through]
    physical, slash, index = through.partition("/")
    return f"{names.get(physical, physical)}{slash}{index}"


def test_nothing_is_scanned_and_nothing_listed(looked: frozenset[Read]) -> None:
    """No table, no bucket, no list of tables or queues; no PartiQL, which hides a scan."""
    others = {one for one in looked if one.operation not in ("dynamodb:Query", _DEPTH)}
    assert others == set()


def test_every_query_names_its_key_or_its_shard_and_filters_nothing(
    looked: frozenset[Read], request: pytest.FixtureRequest
) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for one in looked:
        if one.operation == "dynamodb:Query":
            found.setdefault((one.through, one.by), set()).add(one.who)
    assert {asked: who - QUERIES.get(asked, set()) for asked, who in found.items()} == {
        asked: set() for asked in found
    }, "a query that QUERIES does not have, or whose function it does not name"
    if whole_folder_is_run(request.session):
        assert found == QUERIES, "nobody asks so any more: take it out of QUERIES"


def test_how_long_a_queue_is_is_asked_on_a_schedule_alone(looked: frozenset[Read]) -> None:
    assert {one.who for one in looked if one.operation == _DEPTH} <= DEPTHS


_DEPTH = "sqs:GetQueueAttributes"
