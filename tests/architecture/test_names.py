"""One name in five places: template, function folder, step, sample event, test."""

import ast
import re
from functools import cache

import pytest

from tests.architecture.tree import FUNCTION_NAMES, FUNCTIONS, PACKAGE, ROOT, files, name, parsed
from tests.local.template import read_template

PARTS_OF_STEPS = {
    *("audited", "order_facts", "queue_positions", "sign_report", "void_stamping"),
    *("add_document", "adopt_upload", "begin_draft", "change_draft", "read_drafts"),  # of pages
    "find_missing_documents",
    "read_throughput",  # of the operators' pages
    *("check_file", "buy_draft", "stamp_draft", "reopen_draft", "place_document", "read_draft"),
    "accept_notifications",
}
WITHOUT_STEP = {
    "pages",
    "check_pages",
    "operator_pages",
}  # `meterai/pages/views` has a view for each page
MAX_FUNCTION = 80
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_a_function_has_its_name_in_five_places(function: str) -> None:
    step = PACKAGE / f"steps/{function}.py"
    tests = [path for path in files() if re.fullmatch(rf"test_{function}(_\w+)?\.py", path.name)]
    places = {
        "a resource in template.yaml": function in _in_template(),
        f"events/{function}.json": (ROOT / f"events/{function}.json").exists(),
        f"steps/{function}.py": step.exists() or function in WITHOUT_STEP,
        f"a file test_{function}.py": bool(tests),
    }
    missing = [place for place, is_there in places.items() if not is_there]
    assert not missing, f"functions/{function} lacks {missing}"


def test_the_template_names_exactly_the_existing_functions() -> None:
    assert _in_template() == set(FUNCTION_NAMES), "one folder below functions/ for each resource"


def test_a_step_has_the_name_of_its_function() -> None:
    steps = {path.stem for path in (PACKAGE / "steps").glob("[!_]*.py")}
    assert steps - PARTS_OF_STEPS <= set(FUNCTION_NAMES), (
        "a step no function is named after: rename it, or list it in PARTS_OF_STEPS"
    )


@pytest.mark.parametrize("function", FUNCTION_NAMES)
def test_a_function_folder_holds_one_short_file(function: str) -> None:
    inside = [path for path in files() if path.is_relative_to(FUNCTIONS / function)]
    assert [path.name for path in inside] == ["app.py"], "anything more belongs in the layer"
    lines = len(inside[0].read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_FUNCTION, f"{name(inside[0])}: {lines} lines; move rules into a step"


def test_every_sample_event_is_executed() -> None:
    samples = {path.stem for path in (ROOT / "events").iterdir()}
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests/unit/functions").glob("*.py")
    )
    idle = {one for one in samples if f'"{one}"' not in tests}
    assert not idle, f"no test in tests/unit/functions runs {sorted(idle)}: run or remove them"


def test_no_file_has_a_meaningless_name() -> None:
    vague = [name(path) for path in files() if {path.stem, path.parent.name} & VAGUE]
    assert not vague, f"name {vague} after the question each answers"


def test_tests_are_named_as_sentences() -> None:
    short = [
        f"{name(path)}::{node.name}"
        for path in files()
        if path.suffix == ".py" and path.name.startswith("test_")
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if len(node.name.split("_")) < 4
    ]
    assert not short, f"say what is true of what: {short}"


@cache
def _in_template() -> frozenset[str]:
    """The functions that the template declares, by folder. The resource is named after its
    folder."""
    found = set()
    for resource in read_template(ROOT / "template.yaml").resources.values():
        if resource.type == "AWS::Serverless::Function":
            folder = resource.properties["CodeUri"].removeprefix("functions/").strip("/")
            camel_case = "".join(word.title() for word in folder.split("_"))
            assert resource.logical_id == f"{camel_case}Function", f"named unlike {folder}"
            found.add(folder)
    return frozenset(found)
