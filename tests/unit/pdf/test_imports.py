"""What a function imports is what it pays for at every cold start."""

import subprocess
import sys

import pytest

HEAVY = ("pyhanko", "pypdf", "pikepdf", "pypdfium2", "asn1crypto", "cryptography", "segno")


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("marks", set()),
        ("identity", set()),
        ("cms", set()),
        ("appearance", set()),
        ("stamp", set()),
        ("verify", set()),
        ("timestamps", set()),
        ("identities", set()),
        ("office", set()),
        ("opening", set()),
        ("findings", set()),
        ("repair", set()),
        ("confined", set()),
        ("examiner", {"pypdfium2"}),
        ("placing", set()),
        ("examine", set()),
        ("preview", {"pypdfium2"}),
        ("sight", {"pypdfium2"}),
        ("render", {"pypdfium2"}),
    ],
)
def test_a_module_imports_only_its_own_library(module: str, allowed: set[str]) -> None:
    program = (
        f"import sys, meterai.pdf.{module}\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=_paths())
    assert set(answer.stdout.split()) <= allowed


def _paths() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(sys.path)}
