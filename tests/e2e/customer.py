"""A customer: one account of its own, and the actions with which the tests begin."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field

from tests.applicant.client import Applicant, Json, Page
from tests.fixtures.documents.plain import document
from tests.local.environment import Environment
from tests.midtrans.pages import path_of

BOX = {"page": 1, "x_pt": 338.0, "y_pt": 221.0, "side_pt": 76.0}


@dataclass(slots=True)
class Customer:
    environment: Environment
    username: str
    token: str = field(init=False, repr=False)
    applicant: Applicant = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.token = self.environment.token(username=self.username)
        self.applicant = Applicant(self.environment.account.api_url, self.token)

    @property
    def subject(self) -> str:
        """The token's `sub`, by which the system knows the account."""
        claims = self.token.split(".")[1]
        return str(json.loads(urlsafe_b64decode(claims + "=="))["sub"])

    def paid_order(self, quantity: int = 1, *, method: str = "qris") -> Json:
        order = self.applicant.buy(quantity, method=method)
        self.pay(order)
        self.settle()
        paid = self.order(order)
        assert paid["state"] == "paid"
        return paid

    def pay(self, order: Json) -> Page:
        """Uses the button on the gateway's page."""
        return self.press_pay(self.payment_address(order))

    def press_pay(self, address: str) -> Page:
        page = self.applicant.open(address)
        return self.applicant.open(page.button("pay"), method="POST")

    def charge_back(self, order: Json) -> None:
        """A chargeback: the bank returns the money of the order's first charge to the payer."""
        gateway = self.environment.gateway
        charge = gateway.transaction(f"{order['order_id']}-1")
        assert charge is not None
        with gateway.ledger.lock:
            gateway.ledger.move(charge, "chargeback")
        self.settle()

    def payment_address(self, order: Json) -> str:
        """Some codes have a page; for others buyers see in their own app what it is for."""
        if order["pay"]["qr_page_url"] is not None:
            return str(order["pay"]["qr_page_url"])
        charge = self.environment.gateway.transaction(f"{order['order_id']}-1")
        assert charge is not None
        return self.environment.gateway.url + path_of(charge)

    def request(self, order: Json, *, key: str | None = None, **changes: object) -> Json:
        """Requests a stamp on a small document, which is uploaded first, or as `changes` say."""
        return self.applicant.request_stamping(self.stamping_body(order, **changes), key=key)

    def stamping_body(self, order: Json, **changes: object) -> Json:
        if "document" not in changes:
            changes["document"] = self.applicant.upload(letter())
        return {
            "order_id": order["order_id"],
            "placements": [BOX],
            "reason": "Surat pernyataan",
            **changes,
        }

    def stamped(self, order: Json, **changes: object) -> Json:
        requested = self.applicant.request_stamping(self.stamping_body(order, **changes))
        self.settle()
        stamped = self.applicant.stamping(requested["stamping_id"])
        assert stamped["state"] == "stamped"
        return stamped

    def order(self, order: Json) -> Json:
        """Its present state."""
        return self.applicant.order(order["order_id"])

    def balance(self, order: Json) -> Json:
        """The order's entries in the ledger, if the ledger balances."""
        answer = self.applicant.ledger()
        assert answer["balanced"], answer["ledger"]["differences"]
        found = [one for one in answer["ledger"]["orders"] if one["order_id"] == order["order_id"]]
        assert len(found) == 1
        ledger: Json = found[0]
        return ledger

    def settle(self) -> None:
        """Waits until the gateway has sent everything, and the system has handled it."""
        assert self.environment.gateway.wait_until_idle()
        self.environment.account.quiesce()


def letter(number: int = 1) -> bytes:
    """A page that is empty except for its stamps; each number gives another document."""
    return document(catalog=f"/Lang(id-{number})")
