"""What code that took over a sandboxed child can do. Run as a module it prints, as JSON, what
became of each attempt. It needs a process of its own, since it gives up its rights.
"""

import codecs
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from meterai.pdf.confinement import can_filter, protect_memory
from meterai.pdf.sandbox import run_sandboxed

SECRET = "AWS_SECRET_ACCESS_KEY"
NOBODY = 65534


def attempts(opened: int) -> dict[str, str]:
    """By code within a child. `opened` is a file that the parent has open."""
    parent = os.getppid()
    return {
        "the environment": _tried(lambda: dict(os.environ)),
        "the environment that it began with": _tried(lambda: _shown("self")),
        "the parent's environment": _tried(lambda: _shown(str(parent))),
        "the parent's memory": _tried(lambda: Path(f"/proc/{parent}/mem").open("rb").close()),
        "the parent's files": _tried(lambda: os.read(opened, 1)),
        "a connection": _tried(lambda: socket.socket().close()),
        "a program": _tried(lambda: os.execv("/bin/true", ["true"])),
    }


def _shown(process: str) -> bool:
    return SECRET.encode() in Path(f"/proc/{process}/environ").read_bytes()


def _tried(act: Callable[[], object]) -> str:
    try:
        return repr(act())
    except OSError as refused:
        return type(refused).__name__


def main() -> None:
    assert os.environ[SECRET]
    codecs.lookup("ascii")  # loaded while Python's own files can be read
    with Path(sys.executable).open("rb") as opened:
        if os.geteuid() == 0:  # who may do anything proves nothing
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        protect_memory()
        made = run_sandboxed(lambda: attempts(opened.fileno()))
    print(json.dumps({**made, "filter": str(can_filter())}))


if __name__ == "__main__":
    main()
