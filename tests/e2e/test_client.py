"""The client's example in the README, as it stands there, at the whole system."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.e2e.customer import Customer

LETTER = ROOT / "tests/fixtures/documents/surat-lamaran.pdf"


def test_the_example_of_the_readme(
    customer: Customer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("letter.pdf").write_bytes(LETTER.read_bytes())
    names = {
        "api_url": customer.environment.account.api_url,
        "token": customer.token,
        "print": lambda _, address: customer.press_pay(address),
    }
    exec(example, names)
    customer.settle()
    [order] = customer.applicant.get("/v1/orders")["orders"]
    assert (order["quantity"], order["available"]) == (2, 0)
    [stamped] = order["stampings"]
    sha256 = customer.applicant.upload(Path("stamped.pdf").read_bytes())
    assert sha256 == customer.applicant.stamping(stamped)["stamped_sha256"]
    assert customer.balance(order)["refunded"] == 1
