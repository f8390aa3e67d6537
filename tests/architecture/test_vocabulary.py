"""Words that were coined in this project are replaced by the field's words.

An identifier is split into its words: `openDoors`, `open_doors` and "open doors" are the same.
"""

import re
from functools import cache
from pathlib import Path

from tests.architecture.tree import files, name

FIELD_WORDS = {
    "office": "the system, container, app",
    "door": "engine, adapter, gateway",
    "tally": "sample",
    "patience": "poll limiter, timeout",
    "sight": "page view",
    "town": "harness, environment",
    "run_environment": "environment",
    "weather": "load, fault plan",
    "postman": "message pump",
    "canary": "seeded bug",
    "accident": "fault",
    "campaign": "full run",
    "hiccup": "transient error",
    "whoever": "who does what, as a plain sentence",
    "wish": "request",
    "artefact": "manifest",
    "notice": "webhook",
    "he": "they",
    "him": "them",
    "his": "their",
}
PLURALS = {"tally": "tallies", "canary": "canaries", "wish": "wishes", "postman": "postmen"}
OLD_IDENTIFIERS = re.compile(
    r"\b(?:MOST|LONGEST|LARGEST|LEAST|FEWEST)_[A-Z]|\b(?:due_at|read_books|feed_bulk|strike_off"
    r"|take_from_bulk|take_place|read_place|tell_deadline|receive_notice|says_id|detail_id)\b"
)
SHORT = ("he", "him", "his")
MAYBE = re.compile(  # a fast first filter for lines
    "|".join([*(FIELD_WORDS.keys() - {*SHORT}), *PLURALS.values()])
    + rf"|(?<![a-z])(?:{'|'.join(SHORT)})(?![a-z])|{OLD_IDENTIFIERS.pattern}",
    re.IGNORECASE,
)
# Where a word is right: the word, the file or folder, the reason.
EXCEPTIONS = (
    *(
        ("tally", path, "a key prefix of stored items of schema version 1")
        for path in (
            "layers/meterai/meterai/aws/load/load_metrics.py",
            "template.yaml",
            "tests/contract/test_load_units.py",
            "tests/growth/dataset.py",
        )
    ),
    ("office", "tests/fixtures/documents", "LibreOffice is a product"),
    (
        "office",
        "tests/unit/functions/function_app.py",
        "ids in events/ derive from it",
    ),
)
SUFFIXES = {".py", ".md", ".yaml", ".yml", ".html", ".js", ".css", ".toml"}
PLACES = ("layers/", "functions/", "tests/", "template.yaml", "README.md")


def test_no_word_of_the_old_vocabulary_is_left() -> None:
    found = [
        f"{where}:{number}: {word} ({FIELD_WORDS[word]}): {line.strip()[:60]}"
        for where, number, line in _lines()
        for word in sorted(_words(line))
        if not _is_excepted(word, where)
    ]
    assert not found, f"{len(found)} words: {found[:20]}"


def test_no_identifier_of_the_old_vocabulary_is_left() -> None:
    found = [
        f"{where}:{number}: {line.strip()[:80]}"
        for where, number, line in _lines()
        if OLD_IDENTIFIERS.search(line)
    ]
    assert not found, f"{len(found)} lines: {found[:20]}"


def test_every_exception_is_needed() -> None:
    there = {(word, where) for where, _, line in _lines() for word in _words(line)}
    idle = [
        (word, path)
        for word, path, _ in EXCEPTIONS
        if not any(word == one and _is_below(where, path) for one, where in there)
    ]
    assert not idle, f"take {idle} out of EXCEPTIONS"


@cache
def _lines() -> tuple[tuple[str, int, str], ...]:
    """File, line number and line, of lines that may contain such a word."""
    return tuple(
        (where, number, line)
        for path in files()
        if (where := name(path)).startswith(PLACES) and path != Path(__file__)
        if path.suffix in SUFFIXES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if MAYBE.search(line)
    )


def _words(line: str) -> set[str]:
    """The words of `FIELD_WORDS` in the line, in the singular."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", line)
    words = set(re.findall(r"[a-z]+", spaced.lower()))
    return {word for word in FIELD_WORDS if {word, PLURALS.get(word, f"{word}s")} & words}


def _is_excepted(word: str, where: str) -> bool:
    return any(word == one and _is_below(where, path) for one, path, _ in EXCEPTIONS)


def _is_below(where: str, path: str) -> bool:
    return where == path or where.startswith(f"{path}/")
