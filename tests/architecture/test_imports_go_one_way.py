"""app.py -> steps -> domain; steps -> ports <- aws, pdf, gateways; joined in container.py."""

import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.tree import FUNCTIONS, PACKAGE, imports, name, python_files, within

AWS = {"boto3", "botocore", "mypy_boto3_dynamodb", "mypy_boto3_kms", "mypy_boto3_s3"}
PDF = {"pypdf", "pyhanko", "pyhanko_certvalidator", "pikepdf", "pypdfium2"}
ADAPTERS = ("aws", "pdf", "gateways", "trust")


def _own(*parts: str) -> tuple[str, ...]:
    return tuple(f"meterai.{part}" for part in parts)


ALLOWED: dict[str, tuple[str, ...]] = {
    "domain": (*_own("domain"), "stdnum"),
    "steps": _own("domain", "ports", "steps"),
    "ports": _own("domain", "ports"),
    "languages.py": (),
    "inspections.py": (*_own("domain"), "pydantic"),
    "messages.py": (*_own("domain", "gateways.names"), "pydantic"),
    "api": (*_own("domain", "ports", "api", "problems", "languages"), "pydantic"),
    "problems": _own("problems", "languages"),
    # The pages stand above the steps, as the functions of the API do.
    "pages": (
        *_own("domain", "ports", "api", "problems", "languages", "steps", "entrypoints", "pages"),
        *_own("container"),
        "aws_lambda_powertools",
        "babel",
        "jinja2",
        "markupsafe",
        "segno",
    ),
    "settings.py": (*_own("domain", "gateways.names"), "pydantic"),
    "entrypoints": (
        *_own("domain", "ports", "entrypoints", "problems", "languages"),
        "aws_lambda_powertools",
        "pydantic",
    ),
}


@pytest.mark.parametrize("part", sorted(ALLOWED))
def test_a_part_imports_only_parts_below_it(part: str) -> None:
    place = PACKAGE / part
    paths = python_files(place) if place.is_dir() else [place]
    assert paths, f"{part} is gone: mend ALLOWED"
    assert _strangers(paths, ALLOWED[part]) == [], f"{part} may import {ALLOWED[part]} alone"


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_adapter_imports_no_step_and_no_other_adapter(adapter: str) -> None:
    others = (one for one in ADAPTERS if one != adapter)
    above = _own(*others, "steps", "entrypoints", "container", "settings")
    wrong = [
        f"{name(path)} imports {module}"
        for path in python_files(PACKAGE / adapter)
        for module in sorted(imports(path))
        if within(module, *above)
    ]
    assert not wrong, f"hand it in through container.py: {wrong}"


@pytest.mark.parametrize(("libraries", "adapter"), [(AWS, "aws"), (PDF, "pdf")])
def test_an_outside_party_has_one_adapter(libraries: set[str], adapter: str) -> None:
    wrong = [
        f"{name(path)} imports {module}"
        for path in (*python_files(PACKAGE), *python_files(FUNCTIONS))
        if not path.is_relative_to(PACKAGE / adapter)
        for module in sorted(imports(path))
        if module.partition(".")[0] in libraries or module.startswith("mypy_boto3")
        if adapter == "aws" or not module.startswith("mypy_boto3")
    ]
    assert not wrong, f"only meterai/{adapter} may: {wrong}"


PDF_LAYERS = (
    "photo_page.py",
    "stamp_spec.py",
    "parser_errors.py",
    "signature_traces.py",
    "confinement.py",
    "sandbox_answers.py",
    "sandbox.py",
    "structure",
    "drawing",
    "signing",
    "rendering",
    "engines",
    "placement",
    "verification",
    "preflight",
    "augmentation",
    "adapters.py",
    "inspections.py",
)
"""Each may import those before it."""


@pytest.mark.parametrize("layer", PDF_LAYERS)
def test_a_pdf_package_imports_only_those_below_it(layer: str) -> None:
    above = PDF_LAYERS[PDF_LAYERS.index(layer) + 1 :]
    place = PACKAGE / "pdf" / layer
    wrong = [
        f"{name(path)} imports {module}"
        for path in (python_files(place) if place.is_dir() else [place])
        for module in sorted(imports(path))
        if within(module, *(f"meterai.pdf.{one.removesuffix('.py')}" for one in above))
    ]
    assert not wrong


def test_every_pdf_package_has_its_layer() -> None:
    folder = PACKAGE / "pdf"
    found = {path.relative_to(folder).parts[0] for path in python_files(folder)}
    assert found == {"__init__.py", *PDF_LAYERS}


def test_functions_import_the_package_and_little_else() -> None:
    allowed = ("meterai", "aws_lambda_powertools", "pydantic")
    assert _strangers(python_files(FUNCTIONS), allowed) == [], f"functions import {allowed}"


def test_no_two_modules_import_each_other() -> None:
    """Not for types alone either, and not through a third module."""
    modules = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path
        for path in python_files(PACKAGE)
        if path.name != "__init__.py"
    }
    TopologicalSorter(
        {module: imports(path) & modules.keys() for module, path in modules.items()}
    ).prepare()  # raises CycleError, which names the modules


def _strangers(paths: list[Path], allowed: tuple[str, ...]) -> list[str]:
    return [
        f"{name(path)} imports {module}"
        for path in paths
        for module in sorted(imports(path))
        if module.partition(".")[0] not in sys.stdlib_module_names and not within(module, *allowed)
    ]
