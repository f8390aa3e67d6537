"""What is asked of the test office in a surge: a place in the waiting room, keys, receipts."""

import json
from dataclasses import dataclass

from meterai.domain.stamping.serials import Serial
from meterai.domain.waiting.admission_control import Admission
from meterai.domain.waiting.tickets import ticket_text
from meterai.steps.join_waiting_room import join_waiting_room
from meterai.steps.purchase import AdmissionCheck
from meterai.steps.read_receipt import ReadReceiptPorts, read_receipt
from meterai.steps.renew_receipt_key import renew_receipt_key
from meterai.trust.receipts import check, key_id_of
from tests.fakes.receipt_signer import local_receipt_signer
from tests.unit.steps.wiring import Wired

SIGNER = local_receipt_signer("meterai.example")


@dataclass
class InASurge(Wired):
    """`admission`: while buying is paused."""

    admission: Admission | None = None

    def admission_check(self, ticket: str | None) -> AdmissionCheck | None:
        if self.admission is None:
            return None
        return AdmissionCheck(self.admission, self.ports.waiting_room, ticket)

    def join_waiting_room(self, by: str) -> str:
        """Its ticket."""
        assert self.admission is not None
        place = join_waiting_room(
            by, self.admission, room=self.ports.waiting_room, now=self.state.now
        )
        ticket = ticket_text(place, self.id_deriver)
        self.state.tickets.add((by, ticket))
        return ticket

    def renew_receipt_key(self) -> int:
        return renew_receipt_key(self.ports.receipt_keys, SIGNER, self.state.now)

    def receipt(self, stamping: Serial, by: str) -> str:
        """As a portal would, its receiver checks it at once with what is published."""
        ports = ReadReceiptPorts(
            orders=self.ports.orders,
            serials=self.ports.serials,
            keys=self.ports.receipt_keys,
            signer=SIGNER,
            id_deriver=self.id_deriver,
            now=self.state.now,
        )
        receipt = read_receipt(by, stamping, ports)
        statements = self.state.receipt_statements
        root = json.loads(statements["root"])
        self.state.receipts.add(check(receipt, statements[key_id_of(receipt)], root)[1])
        return receipt
