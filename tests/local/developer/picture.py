"""The README's picture with today's numbers: where each box stands, what it says, what leads where.

Boxes stand in six columns and six rows. Lengths are those of the drawing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from meterai.domain.waiting.queue_status import Lane
from tests.local.developer.figures import Figures
from tests.local.passing_time import ORDERS, REFUNDS, SERIALS

WIDTH: Final = 1_038
HEIGHT: Final = 484
BOX_HEIGHT: Final = 62
_COLUMNS = ((8, 112), (160, 112), (312, 156), (512, 150), (726, 156), (926, 104))  # left, width
_ROWS = (8, 86, 164, 242, 320, 414)  # top
_SLACK = 26  # how far a line bends


class Place(NamedTuple):
    column: int
    row: float  # a half stands between two rows


@dataclass(frozen=True)
class Box:
    """`kind` is a class of the style sheet; so is `tone`: busy, wrong or nothing."""

    key: str
    title: str
    lines: tuple[str, ...]
    place: Place
    kind: str = "function"
    tone: str = ""
    columns: int = 1

    @property
    def x(self) -> int:
        return _COLUMNS[self.place.column][0]

    @property
    def y(self) -> float:
        below, part = divmod(self.place.row, 1)
        above = _ROWS[int(below)]
        return above + part * (_ROWS[int(below) + 1] - above) if part else above

    @property
    def width(self) -> int:
        left, width = _COLUMNS[self.place.column + self.columns - 1]
        return left + width - self.x


class Picture(NamedTuple):
    boxes: list[Box]
    arrows: list[str]  # paths
    dashed: list[str]  # by time alone


def picture(figures: Figures) -> Picture:
    boxes = [*_outside(figures), *_functions(figures), *_queues(figures), *_stores(figures)]
    at = {box.key: box for box in boxes}
    forward = [_forward(at[start], at[end]) for start, end in _FORWARD]
    back = [_back(at[start], at[end]) for start, end in _BACK]
    return Picture(boxes, [*forward, *back], [_forward(at["sweep"], at["refunds"], end=50)])


_FORWARD: Final = (
    *(("applicant", "api"), ("gateway", "api"), ("time", "sweep")),
    *(("api", "purchase"), ("api", "request_stamping"), ("api", "reads")),
    *(("api", "receive_webhook"), ("api", "request_refund")),
    *(("request_stamping", "bulk"), ("request_stamping", "stamping")),
    *(("receive_webhook", "payments"), ("request_refund", "refunds")),
    *(("bulk", "release_bulk"), ("stamping", "stamp"), ("augmentation", "augment")),
    *(("payments", "confirm_payment"), ("refunds", "execute_refund")),
    *(("stamp", "kms"), ("stamp", "portal"), ("augment", "trust")),
    *(("confirm_payment", "bank"), ("execute_refund", "bank")),
)
# From a worker to another queue.
_BACK: Final = (
    ("release_bulk", "stamping"),
    ("confirm_payment", "stamping"),
    ("stamp", "augmentation"),
)
_ROW_OF: Final = {
    Lane.BULK: 0,
    Lane.STAMPING: 1,
    Lane.AUGMENTATION: 2,
    Lane.PAYMENTS: 3,
    Lane.REFUNDS: 4,
}


def _forward(start: Box, end_box: Box, end: float = BOX_HEIGHT / 2) -> str:
    x1, y1 = start.x + start.width, start.y + BOX_HEIGHT / 2
    x2, y2 = end_box.x, end_box.y + end
    return f"M{x1} {y1:g}C{x1 + _SLACK} {y1:g} {x2 - _SLACK} {y2:g} {x2} {y2:g}"


def _back(start: Box, end: Box) -> str:
    """Beside the lines that lead forward."""
    aside = 16 if start.y < end.y else -16
    x1, y1 = start.x, start.y + BOX_HEIGHT / 2 + aside
    x2, y2 = end.x + end.width, end.y + BOX_HEIGHT / 2 - aside
    return f"M{x1} {y1:g}C{x1 - _SLACK} {y1:g} {x2 + _SLACK} {y2:g} {x2} {y2:g}"


def _outside(figures: Figures) -> Iterator[Box]:
    sent, shown = figures.webhooks_sent, len(figures.files)
    failing = figures.kms_is_back_in_s > 0
    yield Box("applicant", "applicant", ("HTTP, pages",), Place(0, 1.5), "outside")
    yield Box("gateway", "gateway", (f"{sent} webhooks",), Place(0, 3), "outside")
    yield Box("time", "time", ("each minute,", "second, day"), Place(0, 5), "outside")
    says = f"back in {figures.kms_is_back_in_s} s" if failing else "signs"
    yield Box("kms", "KMS", (says,), Place(5, 0), "outside", "wrong" if failing else "")
    yield Box("portal", "S3, portal", (f"{shown} delivered",), Place(5, 1), "outside")
    down = figures.timestamps_are_down
    says = "answers 503" if down else "timestamps"
    yield Box("trust", "trust", (says,), Place(5, 2), "outside", "wrong" if down else "")
    yield Box("bank", "gateway", ("status, refund",), Place(5, 3.5), "outside")


def _functions(figures: Figures) -> Iterator[Box]:
    def box(key: str, place: Place, title: str, *names: str) -> Box:
        counts = figures.together(*names)
        failed = f" · {counts.failed} failed" if counts.failed else ""
        calls = f"{counts.invoked} {'call' if counts.invoked == 1 else 'calls'}{failed}"
        running = f"{counts.busy} of {counts.instances} busy" if counts.instances else "none runs"
        tone = "busy" if counts.busy else ""
        return Box(key, title, (calls, running), place, "function", tone)

    api = figures.api_calls
    yield Box("api", "HTTP API", (f"{api} calls", "JWT, scopes"), Place(1, 2), "outside")
    yield box("purchase", Place(2, 0), "purchase", "PurchaseFunction")
    yield box("request_stamping", Place(2, 1), "request_stamping", "RequestStampingFunction")
    yield box("reads", Place(2, 2), "pages, reads, files", *figures.reading)
    yield box("receive_webhook", Place(2, 3), "receive_webhook", "ReceiveWebhookFunction")
    yield box("request_refund", Place(2, 4), "request_refund", "RequestRefundFunction")
    yield box("sweep", Place(2, 5), "sweep", "SweepFunction")
    yield box("snapshot", Place(3, 5), "load snapshot", "PublishLoadSnapshotFunction")
    yield box("release_bulk", Place(4, 0), "release_bulk", "ReleaseBulkFunction")
    yield box("stamp", Place(4, 1), "stamp", "StampFunction")
    yield box("augment", Place(4, 2), "augment", "AugmentFunction")
    yield box("confirm_payment", Place(4, 3), "confirm_payment", "ConfirmPaymentFunction")
    yield box("execute_refund", Place(4, 4), "execute_refund", "ExecuteRefundFunction")


def _queues(figures: Figures) -> Iterator[Box]:
    for lane, row in _ROW_OF.items():
        lanes = [figures.lanes[lane]]
        if lane is Lane.STAMPING:
            lanes.append(figures.lanes[Lane.URGENT])
        waiting, taken, dead = (
            sum(getattr(one, name) for one in lanes) for name in ("waiting", "in_flight", "dead")
        )
        letters = f" · {dead} dead" if dead else ""
        title = "stamping, urgent" if lane is Lane.STAMPING else str(lane)
        tone = "wrong" if dead else "busy" if waiting or taken else ""
        lines = (f"{waiting} waiting", f"{taken} taken{letters}")
        yield Box(str(lane), title, lines, Place(3, row), "queue", tone)


def _stores(figures: Figures) -> Iterator[Box]:
    counts = (
        f"{figures.count(where.table)} {noun}"
        for where, noun in ((ORDERS, "orders"), (SERIALS, "e-meterai"), (REFUNDS, "refunds"))
    )
    lines = (" · ".join(counts), "every step reads and writes here")
    yield Box("tables", "DynamoDB", lines, Place(4, 5), "store", columns=2)
