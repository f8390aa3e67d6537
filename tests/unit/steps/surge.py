"""What is asked of the test office in a surge: a place in the waiting room, keys, receipts."""

import json
from dataclasses import dataclass

from meterai.domain.admission import Admission
from meterai.domain.serials import Serial
from meterai.domain.waiting import ticket_of
from meterai.steps.purchase import Entrance
from meterai.steps.read_receipt import Receipting, read_receipt
from meterai.steps.renew_receipt_key import renew_receipt_key
from meterai.steps.take_place import take_place
from meterai.trust.receipts import check, key_id_of
from tests.fakes.receipt_seal import local_seal
from tests.unit.steps.wiring import Wired

SEAL = local_seal("meterai.example")


@dataclass
class InASurge(Wired):
    """`admission`: while buying is paused."""

    admission: Admission | None = None

    def entrance(self, ticket: str | None) -> Entrance | None:
        if self.admission is None:
            return None
        return Entrance(self.admission, self.ports.waiting_room, ticket)

    def take_place(self, by: str) -> str:
        """Its ticket."""
        assert self.admission is not None
        place = take_place(by, self.admission, room=self.ports.waiting_room, now=self.world.now)
        ticket = ticket_of(place, self.identities)
        self.world.tickets.add((by, ticket))
        return ticket

    def renew_receipt_key(self) -> int:
        return renew_receipt_key(self.ports.receipt_keys, SEAL, self.world.now)

    def receipt(self, stamping: Serial, by: str) -> str:
        """As a portal would, its receiver checks it at once with what is published."""
        needs = Receipting(
            orders=self.ports.orders,
            serials=self.ports.serials,
            keys=self.ports.receipt_keys,
            seal=SEAL,
            identities=self.identities,
            now=self.world.now,
        )
        receipt = read_receipt(by, stamping, needs)
        statements = self.world.receipt_statements
        root = json.loads(statements["root"])
        self.world.receipts.add(check(receipt, statements[key_id_of(receipt)], root)[1])
        return receipt
