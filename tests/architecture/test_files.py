"""What a file may contain, and how long it may be."""

import re

import pytest

from tests.architecture.tree import ROOT, files, name

MAX_FILE = 400
CODE = {".py", ".js", ".css", ".html"}
LATER = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
MACHINE = re.compile(
    r"(?<![\w.:/$}-])/(?:home|root|Users|work|workspace|builds|mnt)/\w|[A-Z]:\\Users"
)
REGISTRY = re.compile(
    r"--(?:extra-)?index-url|--find-links|--trusted-host|files\.pythonhosted\.org"
    r"|/artifactory/|/repository/|^registry\s*="
)


def test_no_code_file_is_longer_than_one_sitting() -> None:
    long = {
        name(path): lines
        for path in files()
        if path.suffix in CODE
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_FILE
    }
    assert not long, f"a file answers one question: split {long}"


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        pytest.param(LATER, "do it, or write an issue", id="put off"),
        pytest.param(MACHINE, "no path of a machine belongs here", id="a machine's path"),
        pytest.param(REGISTRY, "the registry is a setting of the machine", id="registry"),
    ],
)
def test_files_contain_no_forbidden_text(pattern: re.Pattern[str], remedy: str) -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in files()
        if path.name != "test_files.py" and (text := _text(path.read_bytes())) is not None
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, f"{remedy}: {found[:20]}"


def test_only_files_that_tools_require_are_at_the_top() -> None:
    """A newcomer sees these folders and files first: each of them is listed by name."""
    wanted = {
        *("events", "functions", "layers", "tests", ".ci"),
        *("template.yaml", "README.md", "LICENSE", "Makefile", "pyproject.toml"),
        *("requirements.txt", ".gitignore", ".gitattributes", ".editorconfig", "samconfig.toml"),
    }
    there = {path.relative_to(ROOT).parts[0] for path in files()}
    assert there <= wanted, f"find a folder for {sorted(there - wanted)}"


def _text(content: bytes) -> str | None:
    """None: it is no text file."""
    try:
        return None if b"\0" in content else content.decode("utf-8")
    except UnicodeDecodeError:
        return None
