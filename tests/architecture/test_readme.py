"""The README stays true where a test can tell."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meterai.domain.orders import orders
from meterai.domain.refunds import refunds
from meterai.domain.stamping import stampings
from tests.integration.template.declared import functions

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def _rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = README.split(f"{heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_its_api_table_is_the_templates_routes() -> None:
    told = {
        (re.sub(r"[`🔑]", "", route).strip(), function)
        for route, _, function, _ in _rows("## The API")
    }
    declared = {
        (f"{event['Method'].upper()} {event['Path']}", function.folder)
        for function in functions().values()
        for event in function.events("HttpApi")
    }
    assert told == declared, "README, The API: one row for each route"


def test_its_state_table_is_the_codes() -> None:
    told: dict[tuple[str, str], set[str]] = {}
    item = ""
    for name, before, after in _rows("### States"):
        item = name or item
        told[item, before] = set(re.split(r", *", after))
    tables: dict[str, Mapping[Any, frozenset[Any]]] = {
        "order": orders.TRANSITIONS,
        "serial": stampings.TRANSITIONS,
        "refund": refunds.TRANSITIONS,
    }
    coded = {
        (item, str(before)): {str(after) for after in afters}
        for item, table in tables.items()
        for before, afters in table.items()
        if afters
    }
    assert told == coded, "README, States: one row for each state that can be left"


def test_its_commands_are_the_makefiles() -> None:
    told = set(re.findall(r"(?:`|^    )make ([a-z0-9.-]+)", README, re.MULTILINE))
    targets = set(re.findall(r"^([a-z0-9.-]+):", MAKEFILE, re.MULTILINE))
    assert told <= targets, f"README names {sorted(told - targets)}, which make does not know"


def test_the_folders_it_names_are_there() -> None:
    named = set(re.findall(r"`((?:tests|layers|functions|events)/[\w./]*)`", README))
    missing = [path for path in named if not (ROOT / path).exists()]
    assert not missing, f"README names {missing}"
