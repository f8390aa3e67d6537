"""Statements of the documents that a test can check."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meterai.domain.orders import orders
from meterai.domain.refunds import refunds
from meterai.domain.stamping import stampings
from tests.architecture.tree import files, name

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
MAX_LINES = 300
PICTURES = ROOT / "tests/pages/pictures"
MAX_PICTURE_BYTES = 60 * 1024
DOCUMENTS = [path for path in files() if path.suffix == ".md"]


def _rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = README.split(f"{heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_a_newcomer_reads_it_in_five_minutes() -> None:
    assert len(README.splitlines()) <= MAX_LINES, (
        "move what is not for a newcomer beside its subject"
    )


def test_every_link_leads_to_a_file() -> None:
    dead = [
        f"{name(document)}: {target}"
        for document in DOCUMENTS
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert not dead


def test_it_shows_the_pages_in_small_pictures() -> None:
    """`python -m tests.pages --pictures` takes them."""
    pictures = {name(one): one.stat().st_size for one in PICTURES.iterdir()}
    assert set(re.findall(r'<img src="([^"]+)"', README)) == set(pictures)
    assert not [path for path, size_bytes in pictures.items() if size_bytes > MAX_PICTURE_BYTES]


def test_its_state_table_is_that_of_the_code() -> None:
    stated: dict[tuple[str, str], set[str]] = {}
    item = ""
    for item_name, before, after in _rows("### States"):
        item = item_name or item
        stated[item, before] = set(re.split(r", *", after))
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
    assert stated == coded, "README, States: one row for each state that can be left"


def test_every_make_command_in_a_document_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z0-9.-]+):", MAKEFILE, re.MULTILINE))
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:`|^    )make ([a-z0-9.-]+)", text, re.MULTILINE))
        assert named <= targets, f"{name(document)} names {sorted(named - targets)}"


def test_the_files_and_folders_that_documents_name_exist() -> None:
    missing = [
        f"{name(document)}: {path}"
        for document in DOCUMENTS
        for path in re.findall(
            r"`((?:tests|layers|functions|events)/[\w./]*)`", document.read_text(encoding="utf-8")
        )
        if not (ROOT / path).exists()
    ]
    assert not missing
