"""One way in which a request can be refused, as people read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meterai.languages import Language, Text, local_time, number

TIMES = ("deadline_at", "ready_at", "expired_at", "now")  # values that are RFC 3339 times
STATES = {
    "pending": Text("menunggu pembayaran", "waiting for its payment"),
    "paid": Text("sudah dibayar", "paid"),
    "expired": Text("kedaluwarsa", "expired"),
    "cancelled": Text("dibatalkan", "cancelled"),
    "reversed": Text("pembayarannya ditarik bank", "reversed by the bank"),
    "due": Text("menunggu dikirim", "about to be sent"),
    "submitted": Text("sedang dikirim", "on its way"),
    "failed": Text("akan dicoba lagi", "about to be tried again"),
    "needs_account": Text("menunggu rekening", "waiting for an account"),
    "confirmed": Text("sudah diterima", "completed"),
    "superseded": Text("sudah dikembalikan bank", "already returned by the bank"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`detail` is a format string over the error's values.

    `of_signed` and `of_stamped` stand in its place where the value `bears` says that the file bears
    a signature or an e-meterai: the usual advice would destroy it. They hold no values.
    """

    status: int
    title: Text
    detail: Text
    of_signed: Text | None = None
    of_stamped: Text | None = None

    def body(self, code: str, values: dict[str, Any], language: Language) -> dict[str, Any]:
        return {
            "type": f"urn:meterai:problem:{code}",
            "code": code,
            "title": self.title.in_language(language),
            "status": self.status,
            "detail": self.sentence(values, language),
            **values,
        }

    def sentence(self, values: dict[str, Any], language: Language) -> str:
        """The detail, with its values written as people write them."""
        written = {name: _written(name, value, language) for name, value in values.items()}
        return self._fitting(values.get("bears")).in_language(language).format(**written)

    def _fitting(self, bears: str | None) -> Text:
        fitting = {"signature": self.of_signed, "emeterai": self.of_stamped}
        return fitting.get(bears or "") or self.detail


def _written(name: str, value: Any, language: Language) -> Any:
    if name in TIMES:
        return local_time(datetime.fromisoformat(value), language)
    if name == "state":
        return STATES[value].in_language(language)
    return number(value, language) if isinstance(value, int) else value
