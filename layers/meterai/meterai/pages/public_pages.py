"""The pages for whoever has a link and a phone: behind the QR of a document, and of a refund. No
script, no outside address; Indonesian first, English beside it."""

from datetime import datetime, timedelta, timezone
from string import Template

from meterai.api import RefundStatusAnswer, SerialAnswer
from meterai.domain.refunds.refunds import MOVING, RefundState
from meterai.domain.stamping.stampings import DocumentKind

_WIB = timezone(timedelta(hours=7), "WIB")
_MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_KINDS = {
    DocumentKind.SECURITIES: ("Surat berharga, akta, risalah lelang", "Security, deed, auction"),
    DocumentKind.STATEMENT: ("Surat perjanjian, keterangan, pernyataan", "Agreement, statement"),
    DocumentKind.RECEIPT: ("Tanda terima uang di atas Rp5.000.000", "Receipt of money"),
    DocumentKind.SETTLEMENT: ("Pelunasan utang di atas Rp5.000.000", "Settlement of a debt"),
}

_CHECK = "Pemeriksaan e-meterai"
_MONEY_BACK = "Pengembalian uang"

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_PAGE = Template("""<!doctype html>
<html lang="id"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>$title</title><style>
:root{--ink:#1d2733;--soft:#566472;--line:#dfe5ea;--paper:#f4f6f8;--mark:$colour}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:30rem;margin:0 auto;padding:1rem}
p{margin:0}.system{padding:.25rem .25rem .75rem;font-weight:600}
.card{background:#fff;border:1px solid var(--line);border-radius:14px;overflow:hidden}
.head{background:var(--mark);color:#fff;padding:1.25rem;display:flex;gap:1rem}
.sign{flex:none;width:2.75rem;height:2.75rem;border:2px solid #fff;border-radius:50%;
font:700 1.5rem/2.5rem system-ui,sans-serif;text-align:center}
h1{font-size:1.25rem;line-height:1.3;margin:0 0 .35rem}
dl{margin:0;padding:.25rem 1.25rem}dl div{padding:.75rem 0;border-bottom:1px solid var(--line)}
dl div:last-child{border:0}dt{color:var(--soft);font-size:.85rem}
dd{margin:.1rem 0 0;overflow-wrap:anywhere}[lang=en]{color:var(--soft);font-size:.9rem}
.head [lang=en]{color:#fff;margin-top:.35rem}.advice{padding:1rem .25rem}
.advice [lang=en]{margin-top:.75rem}
code{font:.85rem/1.5 ui-monospace,Menlo,Consolas,monospace;display:block;max-width:32ch}
.serial{font-size:1.1rem}
</style></head><body><main><p class="system">Meterai · $system</p>
<div class="card"><div class="head"><div class="sign" aria-hidden="true">$sign</div>
<div><h1>$heading</h1><p>$meaning</p><p lang="en">$english</p></div></div>$facts</div>
<div class="advice"><p>$advice</p><p lang="en">$advice_english</p></div></main></body></html>""")

_UNKNOWN = {"colour": "#a33a2b", "sign": "✕", "facts": "", "advice": "", "advice_english": ""}


def genuine_page(answer: SerialAnswer) -> str:
    """Of a stamped e-meterai. It says what it knows: the serial; whether the paper in one's hand is
    the document it was put on, only the reader can see.

    Every value is of a form without markup: a serial, a date, a hash, a kind of ours.
    """
    kind, kind_english = _KINDS[answer.kind]
    facts = (
        _fact("Nomor seri", "Serial", f'<code class="serial">{_grouped(answer.serial)}</code>')
        + _fact("Dibubuhkan", "Stamped", _local(answer.stamped_at))
        + _fact("Jenis dokumen", "Kind", f'{kind}<br><span lang="en">{kind_english}</span>')
        + _fact("Sidik jari berkas (SHA-256)", "File fingerprint", f"<code>{answer.sha256}</code>")
    )
    return _PAGE.substitute(
        system=_CHECK,
        title="Nomor seri e-meterai ini sah",
        colour="#0b6b4b",
        sign="✓",
        heading="Nomor seri e&#8209;meterai ini sah",
        meaning="Dibubuhkan pada satu dokumen. Pastikan itu dokumen yang Anda pegang.",
        english="This serial is genuine. It was put on one document: make sure it is yours.",
        facts=f"<dl>{facts}</dl>",
        advice=(
            "Nomor seri harus sama dengan yang tercetak pada meterai; tanggal dan jenisnya harus "
            "cocok dengan dokumen. Jika tidak, e-meterai itu salinan dari dokumen lain."
        ),
        advice_english=(
            "The serial must be the one printed on the stamp; date and kind must fit the document. "
            "If not, its e-meterai was copied from another one."
        ),
    )


def unknown_page() -> str:
    """Of a serial that is on no document, whatever the reason."""
    return _PAGE.substitute(
        _UNKNOWN,
        system=_CHECK,
        title="Nomor seri e-meterai tidak dikenal",
        heading="Tidak ada e&#8209;meterai dengan nomor seri ini",
        meaning="Nomor seri ini tidak tercatat pada dokumen mana pun.",
        english="No e-meterai with this serial has been put on a document.",
        advice=(
            "Pindai ulang kode QR, atau periksa nomor seri yang diketik. Jika hasilnya tetap "
            "sama, e-meterai pada dokumen itu tidak dapat dianggap sah."
        ),
        advice_english=(
            "Scan the QR again, or check the serial you typed. If the answer stays, the e-meterai "
            "on that document cannot be taken as genuine."
        ),
    )


def refund_page(answer: RefundStatusAnswer) -> str:
    """Of a refund; every value is an amount, a time or a sentence of ours."""
    done = answer.state in (RefundState.CONFIRMED, RefundState.SUPERSEDED)
    late = "Janji kami terlampaui. " if answer.overdue else ""
    late_english = "We did not keep our promise. " if answer.overdue else ""
    facts = _fact("Jumlah", "Amount", f"Rp{answer.amount_idr:,}".replace(",", "."))
    facts += _fact("Dimulai", "Begun", _local(answer.created_at))
    if answer.promised_by is not None and answer.state in MOVING:
        facts += _fact("Dijanjikan sebelum", "Promised by", _local(answer.promised_by))
    if answer.confirmed_at is not None:
        facts += _fact("Dipastikan bank", "Confirmed by the bank", _local(answer.confirmed_at))
    return _PAGE.substitute(
        system=_MONEY_BACK,
        title=_MONEY_BACK,
        colour="#0b6b4b" if done else "#a33a2b" if answer.overdue else "#2b5a8c",
        sign="✓" if done else "…",
        heading=late + answer.says_id,
        meaning="",
        english=late_english + answer.says,
        facts=f"<dl>{facts}</dl>",
        advice="Halaman ini selalu menunjukkan keadaan terakhir.",
        advice_english="This page always shows the latest state.",
    )


def unknown_refund_page() -> str:
    """Of a link that the office did not make."""
    return _PAGE.substitute(
        _UNKNOWN,
        system=_MONEY_BACK,
        title="Tautan tidak dikenal",
        heading="Tautan ini tidak dikenal",
        meaning="Periksa apakah tautan tersalin seluruhnya.",
        english="There is no such link. See whether all of it was copied.",
    )


def _fact(name: str, english: str, value: str) -> str:
    return f'<div><dt>{name} · <span lang="en">{english}</span></dt><dd>{value}</dd></div>'


def _grouped(serial: str) -> str:
    return f"{serial[:11]} {serial[11:]}"


def _local(at: datetime) -> str:
    local = at.astimezone(_WIB)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H.%M} WIB"
