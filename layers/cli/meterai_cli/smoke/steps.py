"""After a deployment: buys two e-meterai at the gateway's sandbox, stamps one and returns one.

Every request is named by the run, so that the same run goes on where it was cut off, and buys
nothing twice. An order that is not paid expires by itself.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from itertools import islice
from typing import Any

import pikepdf

from meterai.api import OrderAnswer, PreflightRequest, StampingAnswer
from meterai.http_client import HttpClient
from meterai.languages import Language
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.trust import receipts
from meterai_cli import verify
from meterai_cli.smoke.sandbox import Pay, Say, sandbox_of
from meterai_cli.stack import Stack
from meterai_client import Client, PlacementAnywhere, Problem, StampingRequest, TokenSource

QUANTITY = 2
A4_PT = (595, 842)
REASON = "Uji coba setelah pemasangan"
PAGE_TIMEOUT_S, MAX_PAGE_BYTES = 20.0, 1_000_000
MAX_LISTED = 20  # the newest


def print_now(line: str) -> None:
    """Also where a pipeline collects the output."""
    print(line, flush=True)


class CheckFailed(Exception):
    """An answer is not what it must be."""


class StepFailed(Exception):
    """The step is told already."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Of what others do, in seconds."""

    paid_s: float = 900.0
    stamped_s: float = 300.0
    refunded_s: float = 3_600.0


@dataclass(slots=True)
class Smoke:
    """One run. `public_url` is where QR codes lead; `keyring` reads the signing manifest."""

    client: Client
    pay: Pay
    keyring: Callable[[], SigningKeyring]
    public_url: str
    run: str
    say: Say
    deadlines: Deadlines = field(default_factory=Deadlines)
    left: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        stack: Stack,
        clients: Callable[[str], Any],
        token: str | TokenSource,
        run: str,
        deadlines: Deadlines,
        say: Say = print_now,
    ) -> "Smoke":
        """`clients` as `boto3.Session.client`. Raises NotASandbox, NoSuchStack."""
        pay = sandbox_of(stack, clients("secretsmanager"), say)

        def keyring() -> SigningKeyring:
            place = {
                "Bucket": stack.output("DocumentsBucketName"),
                "Key": stack.parameter("SigningManifestObject"),
            }
            return SigningKeyring.from_json(clients("s3").get_object(**place)["Body"].read())

        client = Client(stack.api_url, token, language=Language.ENGLISH)
        return cls(client, pay, keyring, stack.public_url, run, say, deadlines)

    def succeeds(self) -> bool:
        """Prints each step; at the end, and also when it is cut off, what is left."""
        self.say(f"run {self.run}")
        try:
            self._steps()
        except StepFailed:
            return False
        except KeyboardInterrupt:
            self.say("failed  cut off")
            return False
        else:
            return True
        finally:
            for what, state in self.left.items():
                self.say(f"left    {what}: {state}")

    def _steps(self) -> None:
        with self._step("be told that a document is missing"):
            self._check_missing()
        with self._step("buy two e-meterai"):
            self.left["an order, perhaps"] = "the same --run finds it; unpaid, it expires"
            order = self.client.buy(
                QUANTITY,
                key=self._key("order"),
                timeout_s=self.deadlines.paid_s,
                on_wait=lambda ticket: self.say(f"        buying is paused: {ticket.message}"),
            )
            del self.left["an order, perhaps"]
            self._leave(order)
            _check(order.state in ("pending", "paid"), f"the order is {order.state}: begin anew")
        with self._step("pay at the sandbox"):
            if order.state == "pending":
                self.pay(order)
            order = self.client.wait_until_paid(order.order_id, timeout_s=self.deadlines.paid_s)
            self._leave(order)
        letter = a_letter(self.run)
        with self._step("upload a letter and check it"):
            document = self.client.upload(letter)
            checked = self.client.preflight(PreflightRequest(document=document))
            _check(checked.can_be_stamped, f"the letter cannot be stamped: {checked.findings}")
        with self._step("stamp it"):
            stamping = self.client.request_stamping(
                StampingRequest(
                    order_id=order.order_id,
                    document=document,
                    placements=[PlacementAnywhere(at="auto")],
                    reason=REASON,
                ),
                key=self._key("stamping"),
            )
            self.left["a stamping"] = f"{stamping.stamping_id}, which goes on by itself"
            stamped = self.client.wait_until_stamped(
                stamping.stamping_id, timeout_s=self.deadlines.stamped_s
            )
            del self.left["a stamping"]
            self.left["stamped"] = f"{stamped.stamping_id}, of test money"
        with self._step("download it, with its hash"):
            content = self.client.download(stamped)
            _check(content.startswith(letter), "the letter is no longer in it")
        with self._step("verify it at the API"):
            verdict = self.client.verify(self.client.upload(content))
            _check(verdict.verdict == "genuine", f"{verdict.verdict}: {verdict.message}")
        with self._step("verify it offline"):
            status, said = verify.report(
                content, self.keyring(), None, as_json=False, language=Language.ENGLISH
            )
            _check(status is verify.Exit.PROVEN, said)
        with self._step("check its receipt offline"):
            self._check_receipt(stamped)
        with self._step("open its public page"):
            self._check_page(stamped)
        with self._step("find it in the lists"):
            orders = {one.order_id for one in islice(self.client.orders(), MAX_LISTED)}
            stampings = {one.stamping_id for one in islice(self.client.stampings(), MAX_LISTED)}
            _check(order.order_id in orders, "the order is in no list")
            _check(stamped.stamping_id in stampings, "the stamping is in no list")
        with self._step("return the other e-meterai"):
            refund = self.client.request_refund(order.order_id, 1, key=self._key("refund"))
            self.left["a refund"] = f"{refund.refund_id}, which goes on by itself"
            self.client.wait_until_refunded(refund.refund_id, timeout_s=self.deadlines.refunded_s)
            del self.left["a refund"]

    def _check_missing(self) -> None:
        """S3 tells it to the API's functions only if the object's key counts as the `s3:prefix` of
        their roles, which AWS does not document."""
        never_uploaded = hashlib.sha256(f"{self.run} was never uploaded".encode()).hexdigest()
        try:
            self.client.preflight(PreflightRequest(document=never_uploaded))
        except Problem as problem:
            _check(problem.code == "document_missing", f"it answers {problem.code}")
        else:
            _check(condition=False, complaint="a document that was never uploaded is there")

    def _check_receipt(self, stamped: StampingAnswer) -> None:
        receipt = self.client.receipt(stamped.stamping_id)
        signed_by = self.client.receipt_key(receipts.key_id_of(receipt)).statement
        root = self.client.receipt_key("root").jwk
        _, facts = receipts.check(receipt, signed_by or "", root or {})
        about = (facts.stamping, facts.document)
        _check(about == (stamped.stamping_id, stamped.document), f"it is about {about}")

    def _check_page(self, stamped: StampingAnswer) -> None:
        fact = self.client.serial(stamped.serials[0])
        _check(fact.sha256 == stamped.stamped_sha256, "it names another file")
        http = HttpClient(5.0, PAGE_TIMEOUT_S, MAX_PAGE_BYTES)
        address = f"{self.public_url}/S/{stamped.serials[0]}"
        page = http.send("GET", address, party=address, headers={"accept": "text/html"})
        _check(page.http_status == HTTPStatus.OK, f"{address} answers {page.http_status}")

    def _leave(self, order: OrderAnswer) -> None:
        until = f", expires at {order.expires_at}" if order.state == "pending" else ""
        self.left["the order"] = f"{order.order_id}, {order.state}{until}"

    def _key(self, of: str) -> str:
        return f"smoke-{self.run}-{of}"

    @contextmanager
    def _step(self, title: str) -> Iterator[None]:
        """Raises StepFailed, when it has told why."""
        started = time.monotonic()
        try:
            yield
        except Exception as failure:
            self.say(f"failed  {title} ({time.monotonic() - started:.1f} s)")
            self.say(f"        {type(failure).__name__}: {failure}")
            raise StepFailed from failure
        self.say(f"ok      {title} ({time.monotonic() - started:.1f} s)")


def a_letter(run: str) -> bytes:
    """An empty page; the same of the same run."""
    file = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=A4_PT)
        pdf.docinfo["/Title"] = run
        pdf.save(file, deterministic_id=True)
    return file.getvalue()


def _check(condition: object, complaint: str) -> None:
    if not condition:
        raise CheckFailed(complaint)
