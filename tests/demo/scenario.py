"""The main job, as the applicant, the payer and the portal see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image

from meterai.api import OrderAnswer, PlacementRequest, PreviewRequest, StampingAnswer
from meterai.pdf.rendering.render import render_page
from meterai_client import (
    Client,
    Language,
    PlacementAnywhere,
    PlacementBesideText,
    Problem,
    StampingRequest,
)
from tests.applicant.client import Applicant
from tests.demo.step_printer import StepPrinter, check
from tests.local.environment import PORTAL, Environment
from tests.portal.inbox import PortalInbox

DOCUMENTS = Path(__file__).parents[1] / "fixtures" / "documents"
LETTER = DOCUMENTS / "surat-lamaran.pdf"
SCAN = DOCUMENTS / "surat-pindai.pdf"
ON_LETTER = PlacementBesideText(at="text", text="Hormat saya", side_pt=76.0)
ON_SCAN = PlacementAnywhere(at="auto", side_pt=76.0)  # a scan has no text: any free place to sign


@dataclass(frozen=True, slots=True)
class Stamped:
    """A stamped file, and the answer about it."""

    answer: StampingAnswer
    path: Path

    @property
    def serial(self) -> str:
        return self.answer.stamping_id


class Scenario:
    """One run. `out` receives the stamped files and a picture of each stamped page."""

    def __init__(self, place: Environment, printer: StepPrinter, out: Path) -> None:
        self._place = place
        self._printer = printer
        self._out = out
        self._out.mkdir(parents=True, exist_ok=True)

    def run(self) -> None:
        step, say = self._printer.step, self._printer.say
        with step("Sign in: get a token from the issuer"):
            api_url, token = self._place.account.api_url, self._place.token()
            self._client = Client(api_url, token, language=Language.ENGLISH)
            inbox = self._place.portal_inbox()
            say(f"the portal {PORTAL} has subscribed its queue to stamped/{PORTAL}/")
        with step("Buy three e-meterai"):
            order = self._client.buy(3)
            say(f"order {order.order_id}: Rp{order.amount_idr:,}, {order.state}")
            check(order.amount_idr == 30_000, "three e-meterai cost Rp30,000")
        with step("Upload a letter and preview it, before anything is paid"):
            self._preview(LETTER, ON_LETTER)
        with step("Request its stamping, also before anything is paid"):
            letter = self._request("Surat lamaran", LETTER, ON_LETTER, order)
        with step("Pay on the gateway's QRIS page; a webhook reports it"):
            self._pay(order)
        with step("Upload a scan from a phone and request its stamping"):
            self._preview(SCAN, ON_SCAN)
            scan = self._request("Surat pernyataan", SCAN, ON_SCAN, order)
        with step("Wait until the workers have stamped both"):
            stamped = [self._wait_for(one) for one in (letter, scan)]
        with step("The portal receives an event for each file"):
            self._receive_events(inbox, stamped)
        with step("Render the pages, read each QR and open its address"):
            for one in stamped:
                self._check_qr(one)
        with step("Verify the files; a file with one byte changed is refused"):
            for one in stamped:
                self._verify(one)
        with step("Refund the third, unused e-meterai"):
            self._refund(order)
        with step("Read the ledger"):
            self._read_ledger()

    def _preview(self, file: Path, placement: PlacementRequest) -> None:
        document = self._client.upload(file.read_bytes())
        request = PreviewRequest(document=document, placements=[placement])
        picture, facts = self._client.preview(request)
        check(facts.covers == [""], "the stamp covers nothing")
        path = self._out / f"preview-{file.stem}.png"
        path.write_bytes(picture)
        self._printer.say(f"{path}: {facts.placements[0]}")

    def _request(
        self, title: str, file: Path, placement: PlacementRequest, order: OrderAnswer
    ) -> StampingAnswer:
        content = file.read_bytes()
        document = self._client.upload(content)
        self._printer.say(f"{file.name}: {len(content):,} bytes, uploaded straight to storage")
        request = StampingRequest(
            order_id=order.order_id,
            document=document,
            placements=[placement],
            reason=title,
            portal=PORTAL,
        )
        answer = self._client.request_stamping(request)
        self._printer.say(f"serial {answer.stamping_id}, promised by {answer.promised_by}")
        return answer

    def _pay(self, order: OrderAnswer) -> None:
        buyer = Applicant(self._place.account.api_url, token=None)
        page = buyer.open(str(order.pay and order.pay.qr_page_url))
        check(b"Rp30.000" in page.content, "the gateway's page shows Rp30.000")
        self._printer.say(f"the page shows Rp30.000: {page.url}")
        after = buyer.open(page.button("pay"), method="POST")
        check(b"Pembayaran berhasil" in after.content, "the gateway's page shows the payment")
        paid = self._client.wait_until_paid(order.order_id)
        self._printer.say(f"paid at {paid.paid_at}; {paid.available} of 3 still unused")

    def _wait_for(self, requested: StampingAnswer) -> Stamped:
        answer = self._client.wait_until_stamped(requested.stamping_id)
        content = self._client.download(answer)
        path = self._out / f"{answer.stamping_id}.pdf"
        path.write_bytes(content)
        self._printer.say(f"{path} ({len(content):,} bytes)")
        return Stamped(answer, path)

    def _receive_events(self, inbox: PortalInbox, stamped: Sequence[Stamped]) -> None:
        files = inbox.receive(len(stamped), timeout_s=15)
        surplus = inbox.receive(1, timeout_s=1)
        for file in files:
            self._printer.say(f"{file.key} ({file.size_bytes:,} bytes)")
        received = sorted(file.serial for file in files + surplus)
        check(received == sorted(one.serial for one in stamped), "one event for each file")

    def _check_qr(self, stamped: Stamped) -> None:
        picture = _picture(stamped.path, stamped.answer.placements[0].page)
        address = _address_in(picture)
        check(address.endswith(f"/S/{stamped.serial}"), "the QR names the serial")
        page = Applicant(self._place.account.api_url, token=None).open(
            self._place.local_address(address)
        )
        check(page.status == 200 and page.content_type == "text/html", "the QR's page is there")
        fact = self._client.serial(stamped.serial)
        check(fact.sha256 == stamped.answer.stamped_sha256, "the QR's page names the file's hash")
        self._printer.say(f"{picture}: {address} says {fact.state} {fact.stamped_at}")

    def _verify(self, stamped: Stamped) -> None:
        content = stamped.path.read_bytes()
        verdict = self._client.verify(self._client.upload(content)).verdict
        middle = len(content) // 3
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        try:
            after: str = self._client.verify(self._client.upload(changed)).verdict
        except Problem as refused:
            after = refused.code
        self._printer.say(f"{stamped.path.name}: {verdict}; with one byte changed: {after}")
        check(verdict == "genuine", "the stamped file is genuine")
        check(after in ("altered", "document_damaged"), "a changed file is not genuine")

    def _refund(self, order: OrderAnswer) -> None:
        refund = self._client.request_refund(order.order_id, 1)
        self._printer.say(
            f"refund {refund.refund_id}: Rp{refund.amount_idr:,}, promised by {refund.promised_by}"
        )
        done = self._client.wait_until_refunded(refund.refund_id)
        self._printer.say(f"confirmed by the bank at {done.confirmed_at}")

    def _read_ledger(self) -> None:
        answer = self._client.ledger()
        for account, balance_idr in answer.ledger.balances_idr.items():
            self._printer.say(f"{account:18} {balance_idr:>10,}")
        [order] = answer.ledger.orders
        check(answer.balanced, f"the ledger balances: {answer.ledger.differences}")
        check((order.stamped, order.refunded) == (2, 1), "two are stamped, one refunded")
        self._printer.say("3 sold = 2 stamped + 1 refunded; nothing owed and nothing missing")


def _picture(pdf: Path, page: int) -> Path:
    """Renders the stamped page at 150 dots per inch, to a file beside the PDF."""
    content = pdf.read_bytes()
    picture = pdf.with_suffix(".png")
    picture.write_bytes(render_page(content, page - 1, dpi=150))
    return picture


def _address_in(picture: Path) -> str:
    found = [code.text for code in zxingcpp.read_barcodes(Image.open(picture))]
    check(len(found) == 1, f"one QR is read from {picture}")
    return found[0]
