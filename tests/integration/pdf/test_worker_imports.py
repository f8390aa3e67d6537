"""The stamping worker holds the right to sign: it opens documents with no native library."""

import json
import subprocess
import sys
from pathlib import Path

from tests.fixtures.documents.encrypted import variants
from tests.fixtures.documents.hybrid import hybrid
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.refused import REFUSED
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by

ROOT = Path(__file__).parents[3]
NATIVE = ("pypdfium2", "pypdfium2_raw", "pikepdf", "zxingcpp")
PROGRAM = f"""
import json
import sys
from pathlib import Path

from meterai.domain.errors import MeteraiError
from meterai.pdf.engines import chain, sandboxed
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.stamping import stamped

import functions.stamp.app

# What a child imports is not seen here: pyHanko works in this process.
sandboxed.SandboxedDocument = lambda engine, *given: engine(*given)
authority()
outcomes = {{}}
for path in map(Path, sys.argv[1:]):
    for engines in (chain.ENGINES, chain.ENGINES[-1:]):
        chain.ENGINES, all_engines = engines, chain.ENGINES
        try:
            stamped(path.read_bytes())
            outcome = "stamped"
        except MeteraiError as refusal:
            outcome = refusal.code
        chain.ENGINES = all_engines
        outcomes.setdefault(path.stem, []).append(outcome)
native = sorted(name for name in sys.modules if name.split(".")[0] in {NATIVE!r})
print(json.dumps([outcomes, native]))
"""
ODD = {
    "letter": LETTER.read_bytes(),
    "signed": signed_by(authority().person, LETTER.read_bytes()),
    "hybrid": hybrid(),
    "direct annotation": document(Shape(entries="/Annots[<</Type/Annot/Rect[1 2 3 4]>>]")),
    "object that only pyHanko reads": document(Shape(entries="/Odd 100 3 R")),
    "turned page": document(Shape(rotate=90)),
} | {f"encrypted by {name}": content for name, content in variants().items()}


def outcomes_and_native_modules(
    documents: dict[str, bytes], folder: Path
) -> tuple[dict[str, list[str]], list[str]]:
    """What becomes of each document with all engines, and with pyHanko alone."""
    paths = [folder / f"{name}.pdf" for name in documents]
    for path, content in zip(paths, documents.values(), strict=True):
        path.write_bytes(content)
    command = [sys.executable, "-c", PROGRAM, *map(str, paths)]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    outcomes, native = json.loads(run.stdout.splitlines()[-1])
    return outcomes, native


def test_both_engines_stamp_odd_documents_without_native_libraries(tmp_path: Path) -> None:
    outcomes, native = outcomes_and_native_modules(ODD, tmp_path)
    assert outcomes == dict.fromkeys(ODD, ["stamped"] * 2)
    assert native == []


def test_both_engines_refuse_without_native_libraries(tmp_path: Path) -> None:
    refused = {name: make() for name, (make, _) in REFUSED.items()}
    outcomes, native = outcomes_and_native_modules(refused, tmp_path)
    assert outcomes == {name: [error.code] * 2 for name, (_, error) in REFUSED.items()}
    assert native == []
