"""The page behind the QR, for whoever holds the document and a phone. One file, no script, no
outside address; Indonesian first, English beside it."""

from datetime import datetime, timedelta, timezone
from string import Template

from meterai.api import SerialAnswer
from meterai.domain.stampings import DocumentKind

_WIB = timezone(timedelta(hours=7), "WIB")
_MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
_KINDS = {
    DocumentKind.SECURITIES: "Surat berharga, akta, risalah lelang",
    DocumentKind.STATEMENT: "Surat perjanjian, keterangan, pernyataan",
    DocumentKind.RECEIPT: "Tanda terima uang di atas Rp5.000.000",
    DocumentKind.SETTLEMENT: "Pelunasan utang di atas Rp5.000.000",
}

_PAGE = Template("""<!doctype html>
<html lang="id"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>$title</title><style>
:root{--ink:#1d2733;--soft:#5d6b7a;--line:#dfe5ea;--paper:#f4f6f8;--mark:$colour}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:30rem;margin:0 auto;padding:1.25rem}
.card{background:#fff;border:1px solid var(--line);border-radius:14px;overflow:hidden}
.head{background:var(--mark);color:#fff;padding:1.25rem}
h1{font-size:1.25rem;line-height:1.3;margin:0}.head p{margin:.35rem 0 0;opacity:.92}
dl{margin:0;padding:.5rem 1.25rem}dl div{padding:.75rem 0;border-bottom:1px solid var(--line)}
dl div:last-child{border:0}dt{color:var(--soft);font-size:.85rem}
dd{margin:.1rem 0 0;overflow-wrap:anywhere}
code{font:.92rem/1.5 ui-monospace,Menlo,Consolas,monospace}
.hint{color:var(--soft);font-size:.9rem;margin:1rem .25rem}
</style></head><body><main><div class="card"><div class="head"><h1>$heading</h1><p>$subheading</p>
</div>$facts</div>$hint</main></body></html>""")


def genuine_page(answer: SerialAnswer) -> str:
    """Every value is of a form without markup: a serial, a date, a hash, a kind of ours."""
    facts = (
        _fact("Nomor seri · Serial", f"<code>{_grouped(answer.serial)}</code>")
        + _fact("Dibubuhkan · Stamped", _local(answer.stamped_at))
        + _fact("Jenis dokumen · Kind", f"{answer.kind.value} — {_KINDS[answer.kind]}")
        + _fact("SHA-256 berkas · of the file", f"<code>{answer.sha256}</code>")
    )
    return _PAGE.substitute(
        title="e-Meterai sah",
        colour="#0b6b4b",
        heading="e-Meterai ini sah dan sudah dibubuhkan",
        subheading="This e-meterai is genuine and has been used on one document.",
        facts=f"<dl>{facts}</dl>",
        hint=(
            '<p class="hint">Satu nomor seri hanya untuk satu dokumen. Cocokkan tanggal dan isi '
            "dokumen, atau unggah berkasnya ke layanan verifikasi. · One serial belongs to one "
            "document; to check the file itself, upload it for verification.</p>"
        ),
    )


def unknown_page() -> str:
    return _PAGE.substitute(
        title="e-Meterai tidak dikenal",
        colour="#a33a2b",
        heading="Tidak ada e-Meterai dengan nomor seri ini",
        subheading="No e-meterai with this serial has been put on a document.",
        facts="",
        hint=(
            '<p class="hint">Periksa kembali nomor serinya, atau pindai ulang kode QR. '
            "· Check the serial, or scan the QR again.</p>"
        ),
    )


def _fact(name: str, value: str) -> str:
    return f"<div><dt>{name}</dt><dd>{value}</dd></div>"


def _grouped(serial: str) -> str:
    return f"{serial[:11]} {serial[11:]}"


def _local(at: datetime) -> str:
    local = at.astimezone(_WIB)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H.%M} WIB"
