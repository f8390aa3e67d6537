"""The document's table belongs to the present template, limits, people and scenarios."""

from tests.capacity.document import DOCUMENT, fingerprint, written_fingerprint
from tests.capacity.scenarios import scenarios


def test_the_table_was_made_with_the_present_inputs() -> None:
    stale = "run `python -m tests.capacity --write`"
    assert written_fingerprint() == fingerprint(), stale


def test_the_table_has_every_scenario() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert all(f"| **{scenario.name}** |" in text for scenario in scenarios())
