"""The layers as Lambda unpacks them: read from `.aws-sam/build`, which `make build` writes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.benchmarks.imports import FUNCTIONS, carry_document_libraries

BUILD = ROOT / ".aws-sam" / "build"
LAYERS = ("MeteraiLayer", "DocumentLibrariesLayer", "ArtworkLayer")
CALLED = {"cognito-idp", "dynamodb", "kms", "lambda", "s3", "secretsmanager", "sesv2", "sqs"}
NOT_SHIPPED = ("PIL", "oscrypto")
UNCHECKED_HASH = (1).to_bytes(4, "little")  # PEP 552: the source is not compared

pytestmark = pytest.mark.skipif(
    not all((BUILD / layer / "python").is_dir() for layer in LAYERS),
    reason="the layers are not built: run `make build`",
)
on_lambdas_python = pytest.mark.skipif(
    sys.version_info[:2] != (3, 13), reason="the layers hold Python 3.13's wheels and bytecode"
)

# Prints what was compiled: a module of a layer whose bytecode was not read from the layer.
_IMPORT = """
import importlib.machinery as machinery, sys
compiled = []
compile_source = machinery.SourceFileLoader.source_to_code
def note(self, data, path, **options):
    compiled.append(path)
    return compile_source(self, data, path, **options)
machinery.SourceFileLoader.source_to_code = note
for name in sys.argv[1:]:
    __import__(name)
print(*(path for path in compiled if "Layer" in path), sep="\\n")
"""


@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_of_a_layer_has_bytecode_that_is_used_without_its_source(layer: str) -> None:
    stale = [
        str(source.relative_to(BUILD))
        for source in (BUILD / layer).rglob("*.py")
        if _header(source)[4:8] != UNCHECKED_HASH
    ]
    assert stale == []


@on_lambdas_python
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_from_its_own_layers_and_compiles_nothing(function: str) -> None:
    layers = LAYERS if function in carry_document_libraries() else LAYERS[:1]
    assert _compiled(ROOT / "functions" / function, layers, "app", "meterai.container") == []


@on_lambdas_python
def test_the_pdf_libraries_work_without_the_packages_that_are_not_shipped() -> None:
    modules = [
        *("pikepdf", "pypdfium2", "pyhanko.sign.validation", "pyhanko.pdf_utils.metadata.xmp_xml"),
        *("meterai.pdf.engines.repair", "meterai.pdf.verification.pyhanko_reader"),
        *("meterai.pdf.adapters", "meterai.trust.receipts", "meterai.aws.clients"),
        "meterai.pdf.rendering.qr_codes",
    ]
    assert _compiled(ROOT, LAYERS, *modules) == []
    shipped = {path.name for path in (BUILD / "DocumentLibrariesLayer" / "python").iterdir()}
    assert shipped.isdisjoint(NOT_SHIPPED)


def test_only_the_services_that_are_called_ship_their_data() -> None:
    data = BUILD / "MeteraiLayer" / "python" / "botocore" / "data"
    assert {path.name for path in data.iterdir() if path.is_dir()} == CALLED


def _header(source: Path) -> bytes:
    cached = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
    return cached.read_bytes()[:16] if cached.exists() else b""


def _compiled(folder: Path, layers: tuple[str, ...], *modules: str) -> list[str]:
    """Import in a new process that sees only these layers and the standard library."""
    path = os.pathsep.join(str(BUILD / layer / "python") for layer in layers)
    return subprocess.run(
        [sys.executable, "-B", "-S", "-c", _IMPORT, *modules],
        cwd=folder,
        env={"PYTHONPATH": path, "PATH": os.environ.get("PATH", "")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
