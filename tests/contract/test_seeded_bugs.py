"""Every condition is needed: with any one clause made always true, a contract test fails.

The conditions are named tuples at the head of each adapter. Here one clause at a time is replaced
by one that always holds, and its noun's tests run on moto until one fails.
"""

from collections.abc import Callable, Iterator, Sequence
from inspect import signature
from types import ModuleType
from typing import Any

import pytest

from meterai.aws.drafts import drafts
from meterai.aws.load import leases, load_metrics, portal_deadlines, waiting_room
from meterai.aws.orders import orders, payments, refunds, serials
from meterai.aws.tables import timer_index
from tests.contract import (
    test_augment,
    test_claim,
    test_documents,
    test_drafts,
    test_finish,
    test_leases,
    test_load_metrics,
    test_orders,
    test_payments,
    test_portal_deadlines,
    test_refunds,
    test_reserve,
    test_timers,
    test_void,
    test_waiting_room,
)
from tests.contract.backends import AwsBackend, Clients
from tests.contract.endpoints import forget_all_in_moto

WITNESSES: dict[ModuleType, dict[str, ModuleType]] = {
    orders: {"": test_orders},
    payments: {"": test_payments},
    serials: {
        "RESERVE": test_reserve,
        "CLAIM": test_claim,
        "FINISH": test_finish,
        "AUGMENT": test_augment,
        "VOID": test_void,
    },
    refunds: {"": test_refunds},
    timer_index: {"": test_timers},
    waiting_room: {"": test_waiting_room},
    load_metrics: {"": test_load_metrics},
    leases: {"": test_leases},
    portal_deadlines: {"": test_portal_deadlines},
    drafts: {"": test_drafts},
}
DEAR = {test_orders.test_no_more_than_a_hundred_orders_are_listed}


def clauses() -> Iterator[Any]:
    """Each adapter, the name of one of its conditions, and the index of one of its clauses."""
    for adapter, witnesses in WITNESSES.items():
        for name, condition in vars(adapter).items():
            if name.endswith("_IF"):
                (witness,) = (w for prefix, w in witnesses.items() if name.startswith(prefix))
                for number, clause in enumerate(condition):
                    noun = adapter.__name__.rpartition(".")[2]
                    yield pytest.param(
                        adapter, name, number, witness, id=f"{noun}.{name}[{clause}]"
                    )


def contract_tests(module: ModuleType) -> Sequence[Callable[[AwsBackend], None]]:
    """Slow tests last: by then another one has mostly failed already."""
    tests = [
        test
        for name, test in vars(module).items()
        if name.startswith("test_") and list(signature(test).parameters) == ["backend"]
    ]
    return sorted(tests, key=DEAR.__contains__)


def is_noticed(witness: ModuleType, moto: Clients) -> bool:
    """A failed assertion counts, or an update that created an incomplete item which cannot be read.
    A malformed condition would fail in another way."""
    for test in contract_tests(witness):
        forget_all_in_moto()
        try:
            test(AwsBackend(moto))
        except (AssertionError, KeyError):
            return True
    return False


@pytest.mark.parametrize(("adapter", "name", "number", "witness"), list(clauses()))
def test_every_clause_of_a_condition_is_needed(
    adapter: ModuleType,
    name: str,
    number: int,
    witness: ModuleType,
    moto: Clients,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    condition = list(getattr(adapter, name))
    condition[number] = f"({condition[number]} OR NOT {condition[number]})"
    monkeypatch.setattr(adapter, name, tuple(condition))
    assert is_noticed(witness, moto)


@pytest.mark.parametrize(
    "witness",
    [
        test_documents.test_a_stamped_file_is_stored_once,
        test_documents.test_an_augmented_file_is_stored_once_under_its_own_key,
    ],
)
def test_a_file_that_is_stored_once_needs_its_condition(
    moto: Clients, witness: Callable[[AwsBackend], None]
) -> None:
    def forget_if_none_match(params: dict[str, Any], **_: object) -> None:
        params.pop("IfNoneMatch")

    events = moto.s3.meta.events
    events.register("provide-client-params.s3.PutObject", forget_if_none_match)
    try:
        forget_all_in_moto()
        with pytest.raises(AssertionError):
            witness(AwsBackend(moto))
    finally:
        events.unregister("provide-client-params.s3.PutObject", forget_if_none_match)
