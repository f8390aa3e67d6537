"""What the steps need from outside: one small Protocol for each thing.

Every `put` and `mark` is one conditional write and may be repeated: it answers whether the world is
now as asked, and by whom it was made so. All reads are consistent unless the name says otherwise.
Every method may raise `Unavailable`: nothing was concluded, do it again later.
"""

from meterai.ports.documents import (
    Documents,
    Examine,
    Preserver,
    Previewer,
    Stamped,
    Stamper,
    StampReader,
    UploadOffer,
)
from meterai.ports.flow import Gauges, PortalDeadlines
from meterai.ports.gateways import AccountSeal, Gateway, NoticeCheck, NoticeReader, Payouts
from meterai.ports.lanes import Clocks, Lanes, TakenOut
from meterai.ports.orders import Orders, Payments, Refunds
from meterai.ports.receipts import ReceiptKeys, ReceiptSeal
from meterai.ports.records import DayReports, GatewayRecords
from meterai.ports.serials import OrderMoved, Reserved, Serials
from meterai.ports.waiting import WaitingRoom

__all__ = [
    "AccountSeal",
    "Clocks",
    "DayReports",
    "Documents",
    "Examine",
    "Gateway",
    "GatewayRecords",
    "Gauges",
    "Lanes",
    "NoticeCheck",
    "NoticeReader",
    "OrderMoved",
    "Orders",
    "Payments",
    "Payouts",
    "PortalDeadlines",
    "Preserver",
    "Previewer",
    "ReceiptKeys",
    "ReceiptSeal",
    "Refunds",
    "Reserved",
    "Serials",
    "StampReader",
    "Stamped",
    "Stamper",
    "TakenOut",
    "UploadOffer",
    "WaitingRoom",
]
