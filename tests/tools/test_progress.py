"""What a long command says of itself while it runs."""

from functools import partial
from io import StringIO
from itertools import count
from pathlib import Path
from time import sleep

from tests.tools.progress import Progress


def stopped() -> float:
    return 0.0


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_terminal_there_are_plain_lines_also_in_a_file(tmp_path: Path) -> None:
    stream = StringIO()
    faults = partial(Progress, "faults", total=4, clock=stopped, done=1, note="0 broken")
    with faults(every_s=0.01, out=tmp_path, stream=stream) as progress:
        while not stream.getvalue():
            sleep(0.001)
        progress.done = 4
    lines = stream.getvalue().splitlines()
    assert lines[0] == "faults: 1 of 4 parts (25%), 0 broken, 0 s, about 0 s left"
    assert lines[-1] == "faults: 4 of 4 parts (100%), 0 broken, 0 s"
    assert (tmp_path / "faults.progress").read_text(encoding="utf-8").splitlines() == lines


def test_a_command_without_a_total_gives_no_estimate(tmp_path: Path) -> None:
    stream = StringIO()
    load = partial(Progress, "load", unit="buyers", clock=stopped)
    with load(out=tmp_path, stream=stream) as progress:
        progress.done = 1_200
    assert stream.getvalue() == "load: 1,200 buyers, 0 s\n"


def test_figures_are_polled_before_each_line(tmp_path: Path) -> None:
    def poll(progress: Progress) -> None:
        progress.done += 1

    stream = StringIO()
    mutants = partial(Progress, "mutants", unit="mutants", clock=stopped)
    with mutants(poll=poll, out=tmp_path, stream=stream):
        pass
    assert stream.getvalue() == "mutants: 1 mutants, 0 s\n"


def test_a_terminal_keeps_one_line_and_the_file_has_the_plain_ones(tmp_path: Path) -> None:
    terminal = Terminal()
    file = tmp_path / "load.progress"
    load = partial(Progress, "load", unit="buyers", clock=count().__next__, done=7)
    with load(every_s=0.01, out=tmp_path, stream=terminal):
        while not (file.exists() and file.read_text(encoding="utf-8")):
            sleep(0.001)
    assert "load: 7 buyers" in terminal.getvalue()
    lines = file.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("load: 7 buyers, ") for line in lines)
