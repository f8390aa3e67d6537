"""The pages that people see: the payment of a QRIS code or a virtual account, and a list of
both."""

import html
import io
from pathlib import Path
from string import Template

import segno

from tests.midtrans import bodies
from tests.midtrans.fault_plan import MAGIC_AMOUNTS
from tests.midtrans.faults import FaultKind
from tests.midtrans.ledger import Transaction

_HERE = Path(__file__).parent
_LAYOUT = Template((_HERE / "page.html").read_text(encoding="utf-8"))

_STATES = {  # state: (Indonesian, English, tone)
    "pending": ("Menunggu pembayaran", "Waiting for payment", "wait"),
    "settlement": ("Pembayaran berhasil", "Paid", "good"),
    "expire": ("Waktu pembayaran habis", "Expired", "bad"),
    "cancel": ("Dibatalkan oleh merchant", "Cancelled by the merchant", "bad"),
    "deny": ("Pembayaran ditolak", "Denied", "bad"),
    "refund": ("Dana dikembalikan", "Refunded", "good"),
    "partial_refund": ("Sebagian dana dikembalikan", "Partly refunded", "good"),
    "chargeback": ("Ditarik kembali oleh bank", "Charged back", "bad"),
    "partial_chargeback": ("Sebagian ditarik oleh bank", "Partly charged back", "bad"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


def payment_page(transaction: Transaction, merchant_name: str) -> str:
    """A page for a phone: amount, merchant, how to pay, and buttons while they have an effect."""
    indonesian, english, tone = _STATES[transaction.state]
    if transaction.in_flight:
        indonesian, english = "Pembayaran sedang diproses", "Payment in progress"
    is_open = transaction.state == "pending" and not transaction.in_flight
    content = f"""
<p class="state {tone}"><strong>{indonesian}</strong> <span lang="en">{english}</span></p>
<p class="label">Total <span lang="en">Amount</span></p>
<p class="amount">{rupiah(transaction.gross_amount)}</p>
<p class="merchant">{html.escape(merchant_name)}</p>
{_instruction(transaction) if is_open else ""}
<dl>
<dt>Nomor pesanan</dt><dd class="code">{html.escape(transaction.order_id)}</dd>
<dt>{_time_label(transaction)}</dt><dd>{_time(transaction)}</dd>
</dl>
{_buttons(path_of(transaction)) if is_open else ""}
"""
    title = "QRIS" if transaction.qr_string else "Virtual Account BCA"
    return _LAYOUT.substitute(title=title, content=content)


def list_page(transactions: list[Transaction], url: str) -> str:
    """The newest transactions, so that a person finds the one to pay; and the faults to try."""
    rows = "".join(
        f'<li><a href="{path_of(each)}"><span>{rupiah(each.gross_amount)}'
        f"<small>{html.escape(each.order_id)}</small></span>"
        f'<em class="{_STATES[each.state][2]}">{_STATES[each.state][0]}</em></a></li>'
        for each in transactions
    )
    empty = '<p class="hint">Belum ada transaksi. <span lang="en">No transactions yet.</span></p>'
    content = f'<ul class="list">{rows}</ul>' if rows else empty
    return _LAYOUT.substitute(title="Transaksi terbaru", content=content + _switches(url))


def _switches(url: str) -> str:
    """What goes wrong on request, for people who try the system out."""
    kinds = ", ".join(FaultKind)
    amounts = "".join(
        f'<dt class="code">{digits}</dt><dd>{name}</dd>' for digits, name in MAGIC_AMOUNTS.items()
    )
    return f"""
<details lang="en"><summary>Faults to try</summary>
<p class="hint">For an order's charge, of its first attempt; GET shows what has not happened yet,
DELETE removes all:</p>
<pre class="hint">curl {url}/simulator/faults -d
 '{{"fault": "double_payment", "order_id": "ord_...-1"}}'</pre>
<p class="hint code">{kinds}</p>
<p class="hint">Or an amount chooses by its last three digits: <code>python -m tests.local --price
10306</code> and each payment of one e-meterai comes twice.</p>
<dl>{amounts}</dl></details>
"""


def picture(qr_string: str) -> bytes:
    """The QR as a PNG, as the gateway's own `generate-qr-code` returns it."""
    out = io.BytesIO()
    segno.make_qr(qr_string, error="m").save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def path_of(transaction: Transaction) -> str:
    kind = "qris" if transaction.qr_string else "va"
    return f"/{kind}/{transaction.transaction_id}"


def rupiah(gross_amount: str) -> str:
    """`"10000.00"` as `Rp10.000`, with cents if there are any."""
    whole, _, cents = gross_amount.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"Rp{grouped}" if not cents.strip("0") else f"Rp{grouped},{cents}"


def _instruction(transaction: Transaction) -> str:
    if transaction.qr_string:
        code = segno.make_qr(transaction.qr_string, error="m")
        svg = code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
        return (
            f"<figure>{svg}<figcaption>Pindai dengan aplikasi yang mendukung QRIS "
            '<span lang="en">Scan with any QRIS app</span></figcaption></figure>'
        )
    number = transaction.va_number or ""
    grouped = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
    return (
        '<p class="label">Nomor Virtual Account BCA <span lang="en">Account number</span></p>'
        f'<p class="account">{grouped}</p>'
    )


def _time_label(transaction: Transaction) -> str:
    return "Dibayar" if transaction.settled_at else "Bayar sebelum"


def _time(transaction: Transaction) -> str:
    moment = (transaction.settled_at or transaction.expires_at).astimezone(bodies.WIB)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H.%M.%S} WIB"


def _buttons(path: str) -> str:
    return f"""
<form method="post" action="{path}/pay"><button class="pay">Bayar
<span lang="en">Pay</span></button></form>
<div class="pair">
<form method="post" action="{path}/reject"><button>Tolak <span lang="en">Deny</span></button></form>
<form method="post" action="{path}/expire"><button>Kedaluwarsakan
<span lang="en">Expire</span></button></form>
</div>"""
