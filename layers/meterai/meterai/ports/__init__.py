"""What the steps need from outside: one small Protocol for each thing.

Every `put` and `mark` is one conditional write and may be repeated: it answers whether the state is
now as requested, and who made it so. All reads are consistent unless the name says otherwise.
Every method may raise `Unavailable`: nothing was concluded, try again later.
"""

from meterai.ports.audit import AuditTrail
from meterai.ports.documents import (
    Augmenter,
    BrowserUpload,
    Documents,
    FileTransfer,
    Inspector,
    PhotoPage,
    PlaceSuggester,
    Preflight,
    Previewer,
    Repairer,
    Stamped,
    Stamper,
    StampReader,
    Upload,
)
from meterai.ports.gateways import AccountCipher, Gateway, Payouts, WebhookParser, WebhookVerifier
from meterai.ports.lanes import Lanes, TakenOut, TimerIndex
from meterai.ports.load import (
    BulkReporter,
    BuyingSwitch,
    DemandReporter,
    Leases,
    LoadMetrics,
    PortalDeadlines,
)
from meterai.ports.metrics import Metrics
from meterai.ports.orders import Orders, Payments, Refunds
from meterai.ports.receipts import (
    ReceiptKeys,
    ReceiptSigner,
    ReportSigner,
    SigningCertificates,
)
from meterai.ports.records import DayReports, GatewayRecords, PublicDays
from meterai.ports.serials import OrderMoved, Reserved, Serials
from meterai.ports.tokens import TokenKeys
from meterai.ports.waiting import WaitingRoom

__all__ = [
    "AccountCipher",
    "AuditTrail",
    "Augmenter",
    "BrowserUpload",
    "BulkReporter",
    "BuyingSwitch",
    "DayReports",
    "DemandReporter",
    "Documents",
    "FileTransfer",
    "Gateway",
    "GatewayRecords",
    "Inspector",
    "Lanes",
    "Leases",
    "LoadMetrics",
    "Metrics",
    "OrderMoved",
    "Orders",
    "Payments",
    "Payouts",
    "PhotoPage",
    "PlaceSuggester",
    "PortalDeadlines",
    "Preflight",
    "Previewer",
    "PublicDays",
    "ReceiptKeys",
    "ReceiptSigner",
    "Refunds",
    "Repairer",
    "ReportSigner",
    "Reserved",
    "Serials",
    "SigningCertificates",
    "StampReader",
    "Stamped",
    "Stamper",
    "TakenOut",
    "TimerIndex",
    "TokenKeys",
    "Upload",
    "WaitingRoom",
    "WebhookParser",
    "WebhookVerifier",
]
