"""What an account does at the system, each as one call."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar

from meterai import api
from meterai.domain.orders.payments import Method
from meterai.domain.timers import CHARGE_TIMEOUT
from meterai.languages import Language
from meterai_client import operations as op
from meterai_client.connection import Connection, read_answer
from meterai_client.errors import ClientError, NoAnswer, NotReached, Problem, WrongContent
from meterai_client.sender import MAX_WAIT_S, Clock
from meterai_client.tokens import TokenSource

CALL_S = 60.0
BUY_S, PAY_S, STAMP_S, REFUND_S = 3_600.0, 900.0, 3_600.0, 86_400.0
PAUSED, TICKET_OVER = "buying_paused", ("ticket_expired", "ticket_used")

AwaitedT = TypeVar("AwaitedT", api.OrderAnswer, api.StampingAnswer, api.RefundAnswer)
OnWait = Callable[[api.TicketAnswer], None]


class Client:
    """Of one account, or of the public without a token.

    A request is repeated until its answer counts: after a lost answer, 429 and 5xx, as
    `Retry-After` says, for `call_s` seconds. What makes something has an idempotency key, so that
    it is made once. Give your own and keep it: then the same call resumes it, also in another
    process. Every method raises Problem and NoAnswer. Money is whole rupiah, times are aware UTC,
    places on pages are points; the models are those of `openapi.json`.
    """

    def __init__(
        self,
        api_url: str,
        token: str | TokenSource | None = None,
        *,
        language: Language = Language.INDONESIAN,
        call_s: float = CALL_S,
        clock: Clock | None = None,
    ) -> None:
        """`token`: an access token, or what answers one. `language`: of sentences."""
        self._clock = clock or Clock()
        self._connection = Connection(api_url, token, language, call_s, self._clock)
        self._call = self._connection.call

    def __repr__(self) -> str:
        return f"Client({self._connection.api_url!r})"

    # --- buying ----------------------------------------------------------------------------------

    def buy(
        self,
        quantity: int = 1,
        method: Method = Method.QRIS,
        portal: str | None = None,
        *,
        key: str | None = None,
        timeout_s: float = BUY_S,
        on_wait: OnWait = lambda _: None,
    ) -> api.OrderAnswer:
        """The order, with `pay` while it can be paid. While buying is paused this waits for its
        turn, and `on_wait` hears each answer about it. Raises NotReached after `timeout_s`: the
        account keeps its place, and the same call goes on."""
        request = api.OrderRequest(quantity=quantity, method=method, portal=portal)
        key = key or new_key()
        try:
            return self._buy(request, key, self._clock.now() + timeout_s, on_wait)
        except ClientError as failure:
            failure.idempotency_key = key
            raise

    def join_waiting_room(self) -> api.TicketAnswer:
        """The account's ticket: a new one, or the one that it holds."""
        return self._call(op.JOIN_WAITING_ROOM, api.TicketRequest())

    def ticket(self, ticket: str) -> api.TicketAnswer:
        """Whether its turn has come."""
        return self._call(op.READ_TICKET, ticket=ticket)

    def order(self, order_id: str) -> api.OrderAnswer:
        """As it is now."""
        return self._call(op.READ_ORDER, order_id=order_id)

    def orders(self, *, limit: int = 20) -> Iterator[api.OrderAnswer]:
        """Own orders, newest first; `limit` is the size of a page."""
        for page in self._connection.pages(op.LIST_ORDERS, limit):
            yield from page.orders

    def cancel(self, order_id: str) -> api.OrderAnswer:
        """Gives up an order that is not paid."""
        return self._call(op.CANCEL_ORDER, api.CancelRequest(), order_id=order_id)

    def wait_until_paid(self, order_id: str, *, timeout_s: float = PAY_S) -> api.OrderAnswer:
        """Raises NotReached: it expired or was cancelled, or the time is up."""
        return self._wait(lambda: self.order(order_id), ("paid",), timeout_s)

    # --- documents and stamping ------------------------------------------------------------------

    def upload(self, content: bytes) -> str:
        """Stores a PDF. Answers its SHA-256 (hex), which names it from then on."""
        document = hashlib.sha256(content).hexdigest()
        request = api.DocumentRequest(sha256=document, size_bytes=len(content))
        self._connection.post_file(self._call(op.CREATE_UPLOAD, request), content)
        return document

    def preflight(self, request: api.PreflightRequest) -> api.PreflightAnswer:
        """Whether an uploaded document can be stamped, and why not. Reserves nothing."""
        return self._call(op.PREFLIGHT, request)

    def preview(self, request: api.PreviewRequest) -> tuple[bytes, api.PreviewFacts]:
        """A page with e-meterai on it, as a PNG, and what it shows."""
        reply = self._connection.send(op.PREVIEW, request)
        return reply.data, read_answer(op.PREVIEW, reply.headers.get("meterai-preview", ""))

    def request_stamping(
        self, request: api.StampingRequest, *, key: str | None = None
    ) -> api.StampingAnswer:
        """Of an uploaded document. The order may be paid later."""
        return self._call(op.REQUEST_STAMPING, request, key=key or new_key())

    def stamping(self, stamping_id: str) -> api.StampingAnswer:
        """As it is now."""
        return self._call(op.READ_STAMPING, stamping_id=stamping_id)

    def stampings(self, *, limit: int = 20) -> Iterator[api.StampingSummary]:
        """Own stampings, those of the newest order first; `limit` counts the orders of a page."""
        for page in self._connection.pages(op.LIST_STAMPINGS, limit):
            yield from page.stampings

    def wait_until_stamped(
        self, stamping_id: str, *, timeout_s: float = STAMP_S
    ) -> api.StampingAnswer:
        """Raises NotReached: it is void and `void_reason` says why, or the time is up."""
        return self._wait(lambda: self.stamping(stamping_id), ("stamped",), timeout_s)

    def download(self, stamping: api.StampingAnswer) -> bytes:
        """The stamped file. Raises WrongContent where its hash is not the one on record, and
        NotReached where there is none yet."""
        known, content = self._file(stamping, lambda one: one.download_url)
        on_record = stamping.stamped_sha256 or known.stamped_sha256
        if hashlib.sha256(content).hexdigest() != on_record:
            raise WrongContent(f"the file of {stamping.stamping_id} is not the one on record")
        return content

    def download_augmented(self, stamping: api.StampingAnswer) -> bytes:
        """The same file with timestamps and validation data after it. Raises as `download`."""
        _, content = self._file(stamping, lambda one: one.augmented_url)
        if not content.startswith(self.download(stamping)):
            raise WrongContent(f"augmented, {stamping.stamping_id} does not begin as issued")
        return content

    def receipt(self, stamping_id: str) -> str:
        """The deadline receipt (a JWS) of a stamping whose order is paid."""
        return self._call(op.READ_RECEIPT, stamping_id=stamping_id).receipt

    def receipt_key(self, key_id: str) -> api.ReceiptKeyAnswer:
        """What receipts and reports are checked with offline; `root` is the root key."""
        return self._call(op.READ_RECEIPT_KEY, key_id=key_id)

    # --- verification ----------------------------------------------------------------------------

    def verify(self, document: str, *, report: bool = False) -> api.VerificationAnswer:
        """Judges an uploaded file, named by its SHA-256; `report`: with a signed report."""
        return self._call(op.VERIFY, api.VerificationRequest(document=document, report=report))

    def serial(self, serial: str) -> api.SerialAnswer:
        """What the address in a QR code says. What is not stamped is a Problem, `not_found`."""
        return self._call(op.READ_SERIAL, serial=serial)

    # --- refunds ---------------------------------------------------------------------------------

    def request_refund(
        self, order_id: str, quantity: int = 1, *, key: str | None = None
    ) -> api.RefundAnswer:
        """Gives back unused e-meterai of an order."""
        request = api.RefundRequest(quantity=quantity)
        return self._call(op.REQUEST_REFUND, request, key=key or new_key(), order_id=order_id)

    def refund(self, refund_id: str) -> api.RefundAnswer:
        """As it is now."""
        return self._call(op.READ_REFUND, refund_id=refund_id)

    def refunds(self, *, limit: int = 20) -> Iterator[api.RefundAnswer]:
        """Own refunds, those of the newest order first; `limit` counts the orders of a page."""
        for page in self._connection.pages(op.LIST_REFUNDS, limit):
            yield from page.refunds

    def wait_until_refunded(
        self, refund_id: str, *, timeout_s: float = REFUND_S
    ) -> api.RefundAnswer:
        """Raises NotReached: it needs an account, or the time is up."""
        returned = ("confirmed", "superseded")  # the latter by the bank itself
        return self._wait(lambda: self.refund(refund_id), returned, timeout_s)

    def refund_status(self, token: str) -> api.RefundStatusAnswer:
        """For anyone who has a refund's `follow_url`, which ends with the token."""
        return self._call(op.REFUND_STATUS, token=token)

    def claim_link(self, refund_id: str) -> api.ClaimLinkAnswer:
        """The secret that `claim` needs, of a refund that needs an account."""
        return self._call(op.CREATE_CLAIM_LINK, api.ClaimLinkRequest(), refund_id=refund_id)

    def claim(
        self, refund_id: str, request: api.ClaimRequest, *, key: str | None = None
    ) -> api.RefundAnswer:
        """Names the account that a refund goes to."""
        return self._call(op.CLAIM_REFUND, request, key=key or new_key(), refund_id=refund_id)

    # --- portals and the ledger ------------------------------------------------------------------

    def portal(self, portal: str) -> api.PortalAnswer:
        """Its deadline, and whether that can still be met."""
        return self._call(op.READ_PORTAL, portal=portal)

    def set_deadline(self, portal: str, request: api.DeadlineRequest) -> api.DeadlineAnswer:
        """The last one set counts. Needs a portal's token."""
        return self._call(op.SET_PORTAL_DEADLINE, request, portal=portal)

    def ledger(self) -> api.LedgerAnswer:
        """The account's own."""
        return self._call(op.READ_LEDGER)

    # --- for operators, who say why --------------------------------------------------------------

    def any_ledger(self, account: str, reason: str) -> api.LedgerAnswer:
        """Recorded with the operator's name before it is read."""
        return self._call(op.READ_ANY_LEDGER, query={"account": account, "reason": reason})

    def set_deadline_for(
        self, portal: str, request: api.OperatorDeadlineRequest
    ) -> api.DeadlineAnswer:
        """The same."""
        return self._call(op.SET_DEADLINE_FOR_PORTAL, request, portal=portal)

    # --- waiting ---------------------------------------------------------------------------------

    def _buy(
        self, request: api.OrderRequest, key: str, until_s: float, on_wait: OnWait
    ) -> api.OrderAnswer:
        ticket: str | None = None
        while True:
            try:
                order = self._call(
                    op.PURCHASE, request, key=key, with_ticket=ticket, final=[PAUSED]
                )
            except Problem as problem:
                if problem.code not in (PAUSED, *TICKET_OVER):
                    raise
                if problem.code == PAUSED and ticket is not None:  # its turn has not come after all
                    self._pause(problem.retry_after_s or 1, until_s, problem)
                ticket = self._wait_for_turn(until_s, on_wait)
                continue
            if order.pay is not None or order.retry_at is None:
                return order
            # The instructions were lost, or the gateway withdrew them: the same request gets new.
            left_s = (order.retry_at - datetime.now(UTC)).total_seconds()
            left_s = min(max(left_s, 1), CHARGE_TIMEOUT.total_seconds())
            self._pause(left_s, until_s, NotReached("payable", order))

    def _wait_for_turn(self, until_s: float, on_wait: OnWait) -> str | None:
        """A ticket that may buy; None: none is needed."""
        answer = self.join_waiting_room()
        while not answer.may_buy:
            on_wait(answer)
            self._pause(
                (answer.poll_after_ms or 1_000) / 1_000, until_s, NotReached("its turn", answer)
            )
            is_held = answer.ticket is not None and not answer.expired
            answer = self.ticket(answer.ticket or "") if is_held else self.join_waiting_room()
        return answer.ticket

    def _wait(
        self, read: Callable[[], AwaitedT], wanted: tuple[str, ...], timeout_s: float
    ) -> AwaitedT:
        """Asks as often as answers say, until no change is expected; also through an outage."""
        until_s = self._clock.now() + timeout_s
        while True:
            try:
                answer = read()
            except NoAnswer as lost:  # an outage that outlasts one call
                self._pause(MAX_WAIT_S, until_s, lost)
                continue
            except Problem as problem:
                if not problem.may_pass:
                    raise
                self._pause(max(MAX_WAIT_S, problem.retry_after_s or 0), until_s, problem)
                continue
            if answer.state in wanted:
                return answer
            if answer.poll_after_ms is None:
                raise NotReached(wanted[0], answer)
            self._pause(answer.poll_after_ms / 1_000, until_s, NotReached(wanted[0], answer))

    def _pause(self, wait_s: float, until_s: float, too_late: ClientError) -> None:
        """Raises `too_late` where it would end after `until_s`."""
        wait_s = self._clock.as_told(wait_s)
        if self._clock.now() + wait_s > until_s:
            raise too_late
        self._clock.sleep(wait_s)

    def _file(
        self, stamping: api.StampingAnswer, address: Callable[[api.StampingAnswer], str | None]
    ) -> tuple[api.StampingAnswer, bytes]:
        """With the answer that named its address: one that has expired is asked for anew, and one
        that was not there yet."""
        url = address(stamping)
        if url is not None:
            try:
                return stamping, self._connection.get_file(url)
            except Problem as problem:
                if problem.status != HTTPStatus.FORBIDDEN:
                    raise
        now = self.stamping(stamping.stamping_id)
        url = address(now)
        if url is None:
            raise NotReached("ready to download", now)
        return now, self._connection.get_file(url)


def new_key() -> str:
    """Of a new request."""
    return uuid.uuid4().hex
