"""Why a draft could not be ordered, and where on the page that is mended.

Where the API's sentence speaks to programs, people are told in other words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from meterai.domain.errors import MeteraiError
from meterai.domain.orders.payments import Method
from meterai.languages import Text
from meterai.pages.visits import Visit
from meterai.problems import PROBLEMS
from meterai.steps.stamp_draft import DOCUMENT

Place = Literal["document", "portal", "method", "end"]
_PLACES: Mapping[str, Place] = {
    "charge_refused": "method",
    "portal_unknown": "portal",
    "deadline_past": "portal",
    "deadline_out_of_reach": "portal",
}
METHODS: Mapping[Method, Text] = {
    Method.QRIS: Text("QRIS", "QRIS"),
    Method.VIRTUAL_ACCOUNT: Text("rekening virtual", "virtual account"),
}
_FOR_PEOPLE: Mapping[str, Text] = {
    "charge_refused": Text(
        "Penyedia pembayaran sedang tidak menerima {method}. Belum ada yang dibayar. Pilih cara "
        "lain, lalu lanjutkan.",
        "The payment gateway takes no {method} at the moment. Nothing was paid. Choose the other "
        "way, then go on.",
    ),
    "too_many_unpaid_orders": Text(
        "Akun Anda punya {max_orders} pesanan yang belum dibayar. Bayar salah satunya, atau coba "
        "lagi {minutes} menit lagi. Pengajuan ini tetap tersimpan.",
        "Your account has {max_orders} unpaid orders. Pay one of them, or try again in {minutes} "
        "minutes. This application is kept.",
    ),
    "unavailable": Text(
        "Penyedia layanan yang kami perlukan sedang tidak menjawab. Belum ada yang dibayar. Tekan "
        "tombolnya sekali lagi; pesanan tidak akan menjadi ganda.",
        "A service that we need is not answering. Nothing was paid. Press the button once more; "
        "nothing will be ordered twice.",
    ),
    "document_already_stamped": Text(
        "Dokumen ini sudah memakai e-meterai dari pesanan itu.",
        "This document already has an e-meterai of that order.",
    ),
    "no_balance": Text(
        "E-meterai itu baru saja terpakai. Beli yang baru, atau muat ulang halaman ini.",
        "Those e-meterai have just been used. Buy new ones, or load this page again.",
    ),
}
_OF_A_DOCUMENT = Text(
    "Buka dokumennya: di sana ada cara memperbaikinya. Belum ada yang dibayar.",
    "Open the document: it says there how to mend it. Nothing was paid.",
)


@dataclass(frozen=True, slots=True)
class RefusedOrder:
    """`number`: of the document that it is about, from 1."""

    code: str
    status: int
    place: Place
    title: str
    sentence: str
    number: int | None = None

    @classmethod
    def of(cls, error: MeteraiError, visit: Visit) -> "RefusedOrder":
        known, number = PROBLEMS[error.code], error.values.get(DOCUMENT)
        place = _PLACES.get(error.code, "end")
        is_of_document = isinstance(number, int) and place == "end"
        return cls(
            error.code,
            known.status,
            "document" if is_of_document else place,
            known.title.in_language(visit.language),
            _sentence(error, visit, is_of_document=is_of_document),
            int(number) if number and is_of_document else None,
        )


def _sentence(error: MeteraiError, visit: Visit, *, is_of_document: bool) -> str:
    own = _FOR_PEOPLE.get(error.code, _OF_A_DOCUMENT if is_of_document else None)
    if own is None:
        return PROBLEMS[error.code].sentence(error.values, visit.language)
    method = error.values.get("method")
    values = {
        **error.values,
        "method": METHODS[Method(str(method))].in_language(visit.language) if method else "",
        "minutes": -(-int(error.values.get("retry_after_s", 60)) // 60),
    }
    return own.in_language(visit.language).format(**values)
