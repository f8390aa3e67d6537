"""Modules import no heavy library that they do not need: each import slows every cold start."""

import subprocess
import sys

import pytest

HEAVY = ("pyhanko", "pypdf", "pikepdf", "pypdfium2", "asn1crypto", "cryptography", "segno")


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("stamp_spec", set()),
        ("signing.signing_certificate", set()),
        ("signing.cms", set()),
        ("drawing.appearance", set()),
        ("engines.chain", set()),
        ("verification.verify", set()),
        ("verification.stamp_reader", set()),
        ("inspections", {"pypdfium2"}),
        ("signing.timestamps", set()),
        ("signing.signing_keyring", set()),
        ("adapters", set()),
        ("engines.opening", set()),
        ("preflight.findings", set()),
        ("engines.repair", set()),
        ("sandbox", set()),
        ("confinement", set()),
        ("preflight.preflight", {"pypdfium2"}),
        ("placement.resolver", set()),
        ("preflight.inspect", set()),
        ("preflight.preview", {"pypdfium2"}),
        ("rendering.page_view", {"pypdfium2"}),
        ("rendering.render", {"pypdfium2"}),
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
