"""No scans: what the functions read in this folder, and by which keys.

Every call of every function is recorded (`tests/local/read_audit.py`). A call that may read more
than the one thing it names is in the tables below, or fails here. So no call costs more the more is
stored.
"""

import pytest

from tests.e2e.test_least_privilege import whole_folder_is_run
from tests.local.environment import Environment
from tests.local.read_audit import Read

DUE = "timer_shard = :shard AND next_check_at <= :now"
# By what: the key of the item's owner, or one shard and a time. Nothing is filtered: a filter
# reads, and is charged for, the items that it leaves out.
QUERIES = {
    ("OrdersTable/index/by_account", "account = :account"): {
        "Pages",
        "ReadHistory",
        "ReadLedger",
    },
    ("OrdersTable/index/by_account", "account = :account AND created_at >= :since"): {
        "Pages",
        "Purchase",
    },
    ("DraftsTable", "account = :account"): {"Pages"},
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
    ("LoadStatusTable", "flow = :flow AND at BETWEEN :since AND :until"): {
        "PublishLoadSnapshot",
        "OperatorPages",
    },
}
# The length of a queue is read on a schedule, never while a client waits.
DEPTHS = {"PublishLoadSnapshot", "Sweep"}


@pytest.fixture(scope="module")
def read(environment: Environment, environments: list[Environment]) -> frozenset[Read]:
    """By logical names, of the functions alone."""
    assert environment in environments
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
    if through in names:  # a queue's address contains slashes
        return names[through]
    physical, slash, index = through.partition("/")
    return f"{names.get(physical, physical)}{slash}{index}"


def test_nothing_is_scanned_and_nothing_listed(read: frozenset[Read]) -> None:
    """No table, no bucket, no list of tables or queues; no PartiQL, which hides a scan."""
    others = {one for one in read if one.operation not in ("dynamodb:Query", _DEPTH)}
    assert others == set()


def test_every_query_names_its_key_or_its_shard_and_filters_nothing(
    read: frozenset[Read], request: pytest.FixtureRequest
) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for one in read:
        if one.operation == "dynamodb:Query":
            found.setdefault((one.through, one.by), set()).add(one.who)
    assert {query: who - QUERIES.get(query, set()) for query, who in found.items()} == {
        query: set() for query in found
    }, "a query that QUERIES does not have, or whose function it does not name"
    if whole_folder_is_run(request.session):
        assert found == QUERIES, "it is not used any more: take it out of QUERIES"


def test_the_length_of_a_queue_is_read_on_a_schedule_alone(read: frozenset[Read]) -> None:
    assert {one.who for one in read if one.operation == _DEPTH} <= DEPTHS


_DEPTH = "sqs:GetQueueAttributes"
