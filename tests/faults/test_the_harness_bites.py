"""If a step that was broken on purpose is not caught, the runs prove nothing."""

import pytest

from tests.faults import broken_steps
from tests.faults.runs import lost_messages, run, single_accidents
from tests.faults.use_cases import LOSABLE, USE_CASES

STEPS = "meterai.steps"
OFFICE = "tests.unit.steps.office"
STOCK = "tests.fakes.serials.MemorySerials"

CANARIES = {
    "send_before_it_is_written": (f"{STEPS}.confirm_payment._return", "is about nothing"),
    "void_without_a_look_at_the_output": (f"{STEPS}.sweep.void_stamping", "which is void"),
    "refund_with_a_fresh_key": (f"{OFFICE}.execute_refund", "no refund of ours"),
    "believe_the_refund_at_once": (f"{STEPS}.execute_refund._listed", "not by the bank"),
    "send_before_the_clock_is_moved": (
        f"{STEPS}.sweep._look_at_refund",
        "was sent before its clock was moved",
    ),
    "reserve_without_a_clock": (f"{STOCK}.reserve", "its clock is None"),
    "stamp_without_a_claim": (f"{STOCK}.claim", "was signed and not claimed"),
    "derive_a_fresh_refund_id": (
        "meterai.domain.identity.Identities.own_refund_id",
        "goes back",
    ),
    "expire_by_our_own_clock": (f"{OFFICE}.look_at_order", "was paid, and nobody knows"),
    "finish_and_forget_the_level": (f"{STOCK}.finish", "nobody looks at it again"),
    "list_what_was_made_not_what_is_stored": (
        "tests.fakes.documents.MemoryDocuments.put_preserved",
        "lists a file that is not stored",
    ),
}


@pytest.mark.parametrize("broken", CANARIES)
def test_a_step_broken_on_purpose_is_caught(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, complaint = CANARIES[broken]
    monkeypatch.setattr(place, getattr(broken_steps, broken))
    assert complaint in first_wrong()


def first_wrong() -> str:
    """What is found wrong first, over all use cases and single accidents."""
    for use_case in USE_CASES:
        calls = run(use_case).calls
        plans = [{}, *single_accidents(calls)]
        plans += lost_messages(calls) if use_case in LOSABLE else ()
        for plan in plans:
            if wrong := run(use_case, plan).wrong:
                return wrong[0]
    return "nothing"
