"""The public pages: behind the QR of a document, and behind the link of a refund.

They need no script and load nothing. A page is in one language, that of the request.
"""

from collections.abc import Sequence

from meterai.api import RefundStatusAnswer, SerialAnswer
from meterai.domain.refunds.refunds import MOVING, RefundState
from meterai.domain.stamping.stampings import DocumentKind
from meterai.languages import Language, Text, local_time, number
from meterai.pages import template

_GREEN, _BLUE, _RED = "#0b6b4b", "#2b5a8c", "#a33a2b"

_VERIFICATION = Text("Pemeriksaan e-meterai", "E-meterai verification")
_REFUND = Text("Pengembalian dana", "Refund")
_KINDS = {
    DocumentKind.SECURITIES: Text(
        "Surat berharga, akta, risalah lelang", "Security, deed or auction record"
    ),
    DocumentKind.STATEMENT: Text(
        "Surat perjanjian, keterangan, pernyataan", "Agreement, certificate or statement"
    ),
    DocumentKind.RECEIPT: Text(
        "Tanda terima uang di atas Rp5.000.000", "Receipt of more than Rp5,000,000"
    ),
    DocumentKind.SETTLEMENT: Text(
        "Pelunasan utang di atas Rp5.000.000", "Settlement of a debt of more than Rp5,000,000"
    ),
}


def genuine_page(answer: SerialAnswer, language: Language) -> str:
    """Of a stamped e-meterai. The serial is genuine; only the reader can see whether the paper in
    their hand is the document that it was put on.

    No value can contain markup: they are a serial, a date, a hash and a kind.
    """
    facts = (
        (
            Text("Nomor seri", "Serial number"),
            f'<code class="serial">{answer.serial[:11]} {answer.serial[11:]}</code>',
        ),
        (Text("Dibubuhkan", "Stamped"), local_time(answer.stamped_at, language)),
        (Text("Jenis dokumen", "Kind of document"), _KINDS[answer.kind].in_language(language)),
        (
            Text("Sidik jari berkas (SHA-256)", "Fingerprint of the file (SHA-256)"),
            f"<code>{answer.sha256}</code>",
        ),
    )
    return _page(
        language,
        service=_VERIFICATION,
        heading=Text("Nomor seri e-meterai ini sah", "This e-meterai serial is genuine"),
        meaning=Text(
            "Dibubuhkan pada satu dokumen. Pastikan itu dokumen yang Anda pegang.",
            "It was put on one document. Make sure it is the one you hold.",
        ),
        colour=_GREEN,
        sign="✓",
        facts=facts,
        advice=Text(
            "Nomor seri harus sama dengan yang tercetak pada e-meterai, dan tanggal serta "
            "jenisnya harus cocok dengan dokumen. Jika tidak, e-meterai itu disalin dari "
            "dokumen lain.",
            "The serial number must be the one printed on the e-meterai, and its date and kind "
            "must fit the document. If they do not, the e-meterai was copied from another "
            "document.",
        ),
    )


def unknown_page(language: Language) -> str:
    """Of a serial that is on no document, for whatever reason."""
    return _page(
        language,
        service=_VERIFICATION,
        heading=Text("Nomor seri e-meterai tidak dikenal", "Unknown e-meterai serial"),
        meaning=Text(
            "Nomor seri ini tidak tercatat pada dokumen mana pun.",
            "No document is recorded with this serial number.",
        ),
        colour=_RED,
        sign="✕",
        advice=Text(
            "Pindai ulang kode QR, atau periksa nomor seri yang Anda ketik. Jika hasilnya tetap "
            "sama, e-meterai pada dokumen itu tidak dapat dianggap sah.",
            "Scan the QR code again, or check the serial number that you typed. If the result is "
            "the same, do not accept the e-meterai on that document as genuine.",
        ),
    )


def refund_page(answer: RefundStatusAnswer, language: Language) -> str:
    """Of a refund. No value can contain markup: they are amounts, times and texts of ours."""
    done = answer.state in (RefundState.CONFIRMED, RefundState.SUPERSEDED)
    waits_for_owner = answer.state is RefundState.NEEDS_ACCOUNT
    facts = [
        (Text("Jumlah", "Amount"), f"Rp{number(answer.amount_idr, language)}"),
        (Text("Diminta", "Requested"), local_time(answer.created_at, language)),
    ]
    if answer.promised_by is not None and answer.state in MOVING:
        promised = Text("Dikirim paling lambat", "On its way by")
        facts.append((promised, local_time(answer.promised_by, language)))
    if answer.confirmed_at is not None:
        confirmed = Text("Dipastikan bank", "Confirmed by the bank")
        facts.append((confirmed, local_time(answer.confirmed_at, language)))
    return _page(
        language,
        service=_REFUND,
        heading=Text(answer.message, answer.message),
        meaning=Text(
            "Pengembalian ini lebih lama dari yang kami janjikan.",
            "This refund is taking longer than we promised.",
        )
        if answer.overdue
        else None,
        colour=_GREEN if done else _RED if answer.overdue else _BLUE,
        sign="✓" if done else "!" if waits_for_owner or answer.overdue else "→",
        facts=facts,
        advice=None
        if done
        else Text(
            "Buka lagi halaman ini kapan saja untuk melihat status terakhir.",
            "Open this page again at any time to see the latest state.",
        ),
    )


def unknown_refund_page(language: Language) -> str:
    """Of a link that this system did not make."""
    return _page(
        language,
        service=_REFUND,
        heading=Text("Tautan tidak dikenal", "Unknown link"),
        meaning=Text("Tidak ada pengembalian dana dengan tautan ini.", "No refund has this link."),
        colour=_RED,
        sign="✕",
        advice=Text(
            "Periksa apakah tautan tersalin seluruhnya, lalu buka lagi.",
            "Check that the whole link was copied, then open it again.",
        ),
    )


def _page(
    language: Language,
    *,
    service: Text,
    heading: Text,
    meaning: Text | None,
    colour: str,
    sign: str,
    advice: Text | None,
    facts: Sequence[tuple[Text, str]] = (),
) -> str:
    rows = "".join(
        f"<div><dt>{name.in_language(language)}</dt><dd>{value}</dd></div>" for name, value in facts
    )

    def html(text: Text | None) -> str:
        """The hyphen of e-meterai does not break a line."""
        plain = text.in_language(language) if text else ""
        return plain.replace("-meterai", "&#8209;meterai")

    return template("public_page").substitute(
        language=language.value,
        service=html(service),
        title=heading.in_language(language),
        heading=html(heading),
        meaning=f"<p>{html(meaning)}</p>" if meaning else "",
        colour=colour,
        sign=sign,
        facts=f"<dl>{rows}</dl>" if rows else "",
        advice=f'<p class="advice">{html(advice)}</p>' if advice else "",
    )
