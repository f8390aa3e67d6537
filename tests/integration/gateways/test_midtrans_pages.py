"""A person at the gateway: sees what to pay, scans it, clicks."""

import io
import re
import subprocess
import sys
from datetime import timedelta

import pytest
import urllib3
import zxingcpp
from PIL import Image

from meterai.domain.orders.payments import ChargeState, Instruction, Method
from meterai.gateways.midtrans.charges import Midtrans
from tests.integration.gateways.merchant import START, ManualClock
from tests.midtrans import MidtransSimulator
from tests.midtrans.fault_plan import MAGIC_AMOUNTS
from tests.midtrans.faults import FaultKind

CHARGE = "ord_A-1"


def charge(gateway: Midtrans, method: Method = Method.QRIS) -> Instruction:
    return gateway.charge(CHARGE, 1_250_000, method, START + timedelta(minutes=15))


def state(gateway: Midtrans) -> ChargeState | None:
    status = gateway.status(CHARGE)
    return status.state if status else None


def page(url: str) -> str:
    return urllib3.request("GET", url, headers={"Accept": "text/html"}).data.decode()


def click(simulator: MidtransSimulator, html: str, act: str) -> str:
    """Submits the button's form, as a browser does, and follows the redirect."""
    action = re.search(rf'action="([^"]+/{act})"', html)
    assert action is not None
    return urllib3.request("POST", simulator.url + action[1]).data.decode()


def test_the_picture_is_the_code(gateway: Midtrans) -> None:
    instruction = charge(gateway)
    assert instruction.qr_page_url is not None
    picture = urllib3.request("GET", instruction.qr_page_url)
    assert picture.headers["Content-Type"] == "image/png"
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))
    assert code.text == instruction.qr_text


def test_a_person_who_opens_the_picture_can_pay(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    instruction = charge(gateway)
    assert instruction.qr_page_url is not None
    html = page(instruction.qr_page_url)
    for text in ("Rp1.250.000", "Kantor Meterai", "Menunggu pembayaran", "<svg", CHARGE):
        assert text in html
    paid = click(simulator, html, "pay")
    assert "Pembayaran berhasil" in paid
    assert "<button" not in paid
    assert state(gateway) is ChargeState.SETTLED


def test_a_virtual_account_is_found_by_its_number_and_paid(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    instruction = charge(gateway, Method.VIRTUAL_ACCOUNT)
    html = page(f"{simulator.url}/va/{instruction.va_number}")
    assert "Virtual Account BCA" in html
    assert "Pembayaran berhasil" in click(simulator, html, "pay")
    assert state(gateway) is ChargeState.SETTLED


@pytest.mark.parametrize(
    ("act", "text", "expected"),
    [
        ("reject", "Pembayaran ditolak", ChargeState.DENIED),
        ("expire", "Waktu pembayaran habis", ChargeState.EXPIRED),
    ],
)
def test_a_person_may_also_refuse_to_pay(
    gateway: Midtrans, simulator: MidtransSimulator, act: str, text: str, expected: ChargeState
) -> None:
    html = page(charge(gateway).qr_page_url or "")
    assert text in click(simulator, html, act)
    assert state(gateway) is expected


def test_a_button_of_an_old_page_does_nothing(
    gateway: Midtrans, simulator: MidtransSimulator, clock: ManualClock
) -> None:
    html = page(charge(gateway).qr_page_url or "")
    clock.forward(minutes=15)
    assert "Waktu pembayaran habis" in click(simulator, html, "pay")
    assert state(gateway) is ChargeState.EXPIRED


def test_the_first_page_lists_the_charges_to_pay(
    gateway: Midtrans, simulator: MidtransSimulator
) -> None:
    assert "Belum ada transaksi" in page(simulator.url)
    charge(gateway)
    transaction = simulator.transaction(CHARGE)
    assert transaction is not None
    assert f'href="/qris/{transaction.transaction_id}"' in page(simulator.url)


@pytest.mark.parametrize("path", ["/nowhere", "/qris/unknown", "/va/0", "/v2/qris/x/qr-code"])
def test_an_unknown_page_is_not_found(simulator: MidtransSimulator, path: str) -> None:
    assert urllib3.request("GET", simulator.url + path).status == 404


def test_it_runs_as_a_separate_process() -> None:
    command = [sys.executable, "-m", "tests.midtrans", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found is not None
            assert "Belum ada transaksi" in page(found[0])
        finally:
            process.terminate()


def test_the_list_describes_the_faults_that_a_person_can_cause() -> None:
    with MidtransSimulator(server_key="SB-Mid-server-test") as simulator:
        shown = page(simulator.url)
    described = re.findall(r'<dt class="code">(\d+)</dt><dd>(\w+)</dd>', shown)
    assert described == [(str(digits), name) for digits, name in MAGIC_AMOUNTS.items()]
    assert ", ".join(FaultKind) in shown
    assert f"{simulator.url}/simulator/faults" in shown
