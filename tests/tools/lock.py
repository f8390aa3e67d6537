"""Compile the dependency groups of pyproject.toml into pinned, hashed requirement files.

`--check` compiles them again and fails if a file would change; `--upgrade` takes the newest
versions as of `AS_OF`. No file names a registry: the machine's own settings choose it.
"""

import argparse
import difflib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from uv import find_uv_bin

ROOT = Path(__file__).resolve().parents[2]

AS_OF = "2026-11-24T00:00:00Z"  # later uploads are ignored, so compiling again changes nothing

DEVELOPMENT = "3.11"  # the oldest Python of a developer
RUNTIME = "3.13"  # the Python of Lambda


@dataclass(frozen=True, slots=True)
class Lock:
    """A dependency group and its file.

    `same_as` is the lock whose versions it repeats. `without` are packages that others require but
    that nothing here uses: they are not installed.
    """

    group: str
    file: str
    python: str = DEVELOPMENT
    same_as: str | None = None
    without: tuple[str, ...] = ()


LOCKS = (
    Lock("dev", "requirements.txt"),
    Lock("layer-meterai", "layers/meterai/requirements.txt", RUNTIME, "requirements.txt"),
    Lock(
        "layer-meterai-build",
        "layers/meterai/requirements-build.txt",
        RUNTIME,
        "requirements.txt",
    ),
    Lock(
        "layer-document-libraries",
        "layers/document_libraries/requirements.txt",
        RUNTIME,
        "requirements.txt",
        without=("oscrypto", "pillow"),
    ),
    Lock("sam", "tests/tools/requirements-sam.txt"),
    Lock("checkov", "tests/tools/requirements-checkov.txt"),
    Lock("ministack", "tests/tools/requirements-ministack.txt"),
    Lock("official", "tests/tools/requirements-official.txt"),
    Lock("uv", "tests/tools/requirements-uv.txt", same_as="requirements.txt"),
)


def main() -> int:
    """Compile in a temporary folder, then compare or replace. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail where stale")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    arguments = parser.parse_args()

    changed = False
    with TemporaryDirectory() as name:
        aside = Path(name)
        for lock in LOCKS:
            before = read(ROOT / lock.file)
            compile_lock(lock, aside, upgrade=arguments.upgrade)
            after = read(aside / lock.file)
            if after == before:  # not rewritten, so that make does not rebuild its environment
                continue
            changed = True
            if arguments.check:
                show_difference(lock.file, before, after)
            else:
                shutil.copyfile(aside / lock.file, ROOT / lock.file)
                print(f"{lock.file}: written")
    if changed and arguments.check:
        print("The locks do not follow from pyproject.toml: run `make lock`.", file=sys.stderr)
        return 1
    return 0


def compile_lock(lock: Lock, folder: Path, *, upgrade: bool) -> None:
    """Write the lock under `folder`, with the committed versions where they still fit."""
    output = folder / lock.file
    output.parent.mkdir(parents=True, exist_ok=True)
    if (ROOT / lock.file).exists():
        shutil.copyfile(ROOT / lock.file, output)
    command = [find_uv_bin(), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--no-annotate", "--custom-compile-command", "make lock"]
    command += ["--python", sys.executable]  # without it uv searches the machine for `lock.python`
    command += ["--python-version", lock.python, "--exclude-newer", AS_OF]
    command += ["--group", f"{ROOT / 'pyproject.toml'}:{lock.group}", "--output-file", lock.file]
    if lock.same_as is not None:
        command += ["--constraint", lock.same_as]
    for package in lock.without:
        command += ["--no-emit-package", package]
    if upgrade:
        command += ["--upgrade"]
    subprocess.run(command, cwd=folder, check=True)


def read(file: Path) -> str:
    """The file's content; empty where it is missing."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def show_difference(file: str, before: str, after: str) -> None:
    """Print what compiling again would change."""
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    sys.stdout.writelines(difflib.unified_diff(*lines, file, f"{file}, compiled again"))


if __name__ == "__main__":
    sys.exit(main())
