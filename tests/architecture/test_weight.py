"""What a cold start may import, counted in modules: seconds would depend on the machine."""

import pytest

from tests.architecture.function_ports import ports_of_function
from tests.architecture.test_imports_go_one_way import PDF
from tests.architecture.tree import within
from tests.benchmarks.imports import FUNCTIONS, ROOT, carry_document_libraries, import_cold

# As counted in November 2026, with room for a few of Python's own that change by version.
HTTP_MODULES = 460  # 454: Powertools' event handler is 130 of them, pydantic 46
PAGES_MODULES = 600  # 579: Jinja2 is 30, each view is one, with the steps behind all pages
QUEUE_MODULES = 312  # 307: no event handler, no bodies of the API
OF_HTTP = ("aws_lambda_powertools.event_handler", "meterai.api", "meterai.entrypoints.http")
# Powertools imports `botocore`, whose top package alone is one light module.
IMPORTED_LATE = (*PDF, "boto3", "botocore.session", "urllib3", "meterai.aws", "meterai.pdf")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_no_more_than_its_kind(function: str) -> None:
    modules = import_cold(function, adapters=()).modules
    source = (ROOT / f"functions/{function}/app.py").read_text(encoding="utf-8")
    shows_pages = "Site(" in source
    speaks_http = "HttpApi" in source or shows_pages
    budget = PAGES_MODULES if shows_pages else HTTP_MODULES if speaks_http else QUEUE_MODULES
    forbidden = IMPORTED_LATE if speaks_http else (*IMPORTED_LATE, *OF_HTTP)
    heavy = sorted(module for module in modules if within(module, *forbidden))
    assert not heavy, f"import it where it is used, in the container: {heavy[:5]}"
    assert len(modules) <= budget, (
        f"{function} imports {len(modules)} modules, {budget} are its budget: "
        f"see what came in with python -X importtime"
    )


def test_only_functions_that_open_pdfs_or_sign_receipts_have_the_libraries_for_it() -> None:
    ports = {"inspector", "stamper", "augmenter", "receipt_signer", "report_signer"}
    ports |= {"signing_certificates"}  # reads when the certificate expires
    openers = {function for function in FUNCTIONS if ports & ports_of_function(function)}
    assert carry_document_libraries() == openers, (
        "DocumentLibrariesLayer goes with what opens PDFs or signs"
    )
