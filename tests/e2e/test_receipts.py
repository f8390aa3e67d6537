"""A deadline receipt: given on acceptance, read again later, and verified by a portal offline."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from meterai_cli.__main__ import main
from tests.applicant.client import Applicant, ProblemError
from tests.e2e.customer import Customer, letter
from tests.e2e.own_pages import OwnPages
from tests.local.environment import Environment


@pytest.fixture(scope="module")
def keys(environment: Environment) -> None:
    """Those of this hour and the next, as the schedule makes them."""
    outcome = environment.account.fire_schedule("RenewReceiptKeyFunction")
    assert outcome.error_type is None, outcome.payload


def test_a_portal_checks_it_offline(
    keys: None,
    customer: Customer,
    environment: Environment,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    del keys
    order = customer.paid_order()
    asked = customer.request(order)
    receipt = asked["receipt"]
    assert customer.applicant.get(f"/v1/stampings/{asked['stamping_id']}/receipt") == {
        "receipt": receipt
    }
    assert receipt in OwnPages.of(customer).text(f"/saya/tanda-terima/{asked['stamping_id']}")
    portal = Applicant(environment.account.api_url, token=None)
    key_id = json.loads(_decoded(receipt.split(".")[0]))["kid"]
    for name in ("root", key_id):
        (tmp_path / name).write_text(json.dumps(portal.get(f"/v1/receipt-keys/{name}")))
    with pytest.raises(ProblemError, match="not_found"):
        portal.get("/v1/receipt-keys/2026112402-AAAAAAAAAAAA")
    document = tmp_path / "letter.pdf"
    document.write_bytes(letter())
    assert (
        main(["check-receipt", "--keys", str(tmp_path), "--document", str(document), receipt]) == 0
    )
    said = capsys.readouterr().out
    assert hashlib.sha256(letter()).hexdigest() in said
    assert asked["stamping_id"] in said
    assert customer.subject not in said
    customer.settle()


def test_a_report_on_a_file_is_checked_offline_by_the_same_keys(
    keys: None,
    customer: Customer,
    environment: Environment,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A letter that nobody stamped: what it says is read by `inspect`."""
    del keys
    document = tmp_path / "letter.pdf"
    document.write_bytes(letter(91))
    sha256 = customer.applicant.upload(document.read_bytes())
    answer = customer.applicant.post("/v1/verifications", {"document": sha256, "report": True})
    assert (answer["verdict"], answer["document"]) == ("not_stamped", sha256)
    report = tmp_path / "report"
    report.write_text(answer["report"])
    portal = Applicant(environment.account.api_url, token=None)
    key_id = json.loads(_decoded(answer["report"].split(".")[0]))["kid"]
    for name in ("root", key_id):
        (tmp_path / name).write_text(json.dumps(portal.get(f"/v1/receipt-keys/{name}")))
    assert main(["check-report", "--keys", str(tmp_path), str(report), str(document)]) == 0
    assert sha256 in capsys.readouterr().out


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "==")
