"""Commands in documents are those of the parser, and a wrong argument is answered by what helps."""

import re
import shlex
from collections.abc import Iterator

import pytest

from meterai_cli import __main__ as cli
from tests.architecture.tree import ROOT

DOCUMENTS = ("README.md", "functions/RUNBOOK.md", "functions/DEPLOYING.md")
COMMAND = re.compile(r"^ +(?:\.venv/bin/)?python -m meterai_cli (.*)$", re.MULTILINE)
IN_A_SENTENCE = re.compile(r"`(drill --stack [^`]+)`")


def documented() -> Iterator[str]:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS]
    for text in (*texts, cli.__doc__ or ""):
        joined = text.replace("\\\n", " ").replace("$T0", "2026-11-30T10:00:00Z")
        yield from COMMAND.findall(joined)
        yield from IN_A_SENTENCE.findall(joined)


@pytest.mark.parametrize("command", sorted(set(documented())))
def test_a_command_in_a_document_is_one_of_the_parser(command: str) -> None:
    arguments = shlex.split(command.partition(" > ")[0])
    assert cli.parser().parse_args(arguments).command == arguments[0]


def test_every_command_stands_in_a_document() -> None:
    [known] = re.findall(r"{(.+?)}", cli.parser().format_usage())
    assert {one.partition(" ")[0] for one in documented()} == set(known.split(","))


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2026-11-30T10:00:00", "say the time zone: 2026-11-30T10:00:00Z"),
        ("yesterday", "write it as 2026-11-30T10:00:00Z"),
    ],
)
def test_a_moment_that_cannot_be_read_is_answered_by_how_to_write_it(
    moment: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["reclaim", "--stack", "meterai", "--since", moment])
    assert says in capsys.readouterr().err
