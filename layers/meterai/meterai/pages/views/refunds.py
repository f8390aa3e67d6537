"""/saya/pengembalian: a refund's progress, and the bank account it goes to where it needs one.

The link that lets an owner name an account is made with the form and is the key of the request: a
double click names it once, and a form of before is told that it was used.
"""

from collections.abc import Mapping
from http import HTTPStatus

from meterai.api import ClaimRequest
from meterai.domain.errors import (
    AccountNameMismatch,
    AccountUnknown,
    ClaimLinkExpired,
    ClaimLinkInvalid,
    ClaimLinkUsed,
    GatewayRefused,
    KeyReused,
    MeteraiError,
    NoAccountNeeded,
    TooManyClaimAttempts,
    Unavailable,
)
from meterai.domain.id_derivation import RefundId, RequestIdentity
from meterai.domain.refunds.banks import BANKS
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import RefundReason, RefundState
from meterai.languages import Text, span
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views.entries import Return
from meterai.pages.views.refusals import sentence
from meterai.pages.visits import Visit
from meterai.problems.problem import STATES
from meterai.steps.claim_refund import claim_refund
from meterai.steps.create_claim_link import create_claim_link
from meterai.steps.read_refund import read_refund

OTHER_BANK = "lain"
_BESIDE: Mapping[type[MeteraiError], str] = {
    AccountUnknown: "number",
    AccountNameMismatch: "holder",
}
# The form is of another tab, or of before: the page as it is now tells the rest.
_SETTLED = (ClaimLinkUsed, KeyReused, NoAccountNeeded)
_MAY_TRY_AGAIN = (
    AccountUnknown,
    AccountNameMismatch,
    TooManyClaimAttempts,
    ClaimLinkInvalid,
    ClaimLinkExpired,
    GatewayRefused,
    Unavailable,
)
_INVALID: Mapping[str, Text] = {
    "token": Text(
        "Muat ulang halaman ini, lalu isi lagi.", "Load this page again, then fill it in."
    ),
    "other": Text(
        "Tulis nama singkat bank dengan huruf dan angka, misalnya bsi.",
        "Write the bank's short name in letters and digits, such as bsi.",
    ),
    "bank": Text("Pilih bank Anda.", "Choose your bank."),
    "number": Text(
        "Tulis nomor rekening dengan angka saja, 6 sampai 20 angka.",
        "Write the account number in digits only, 6 to 20 of them.",
    ),
    "holder": Text(
        "Tulis nama pemilik rekening, paling panjang 60 huruf.",
        "Write the account holder's name, 60 letters at most.",
    ),
}
_BETWEEN_DIGITS = str.maketrans("", "", " .-\u00a0")
_REASONS: Mapping[RefundReason, Text] = {
    RefundReason.REQUESTED: Text("Anda yang meminta.", "You asked for it."),
    RefundReason.NOT_EXECUTED: Text(
        "E-meterai tidak sempat dibubuhkan dalam waktu yang dijanjikan.",
        "The e-meterai was not put on its document within the promised time.",
    ),
    RefundReason.LATE_PAYMENT: Text(
        "Uangnya masuk setelah pesanan ditutup.", "The money arrived after the order was closed."
    ),
    RefundReason.DUPLICATE_PAYMENT: Text(
        "Pesanan ini terbayar dua kali.", "The order was paid twice."
    ),
    RefundReason.AMOUNT_MISMATCH: Text(
        "Jumlah yang dibayar tidak sama dengan jumlah pesanan.",
        "The amount paid was not the amount of the order.",
    ),
}
_SOON_OVER = (RefundState.DUE, RefundState.SUBMITTED)
_LOOKS_AGAIN_S = 30


def show(visit: Visit, refund_id: str) -> Shown:
    return _show(visit, refund_id, {}, {})


def claim(visit: Visit, refund_id: str) -> PageAnswer:
    """What was typed stays in the form until it is right; it is in no address and no log."""
    body, errors = _read_form(visit)
    if body is None:
        return _show(visit, refund_id, visit.form, errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    identity = RequestIdentity(f"refunds/{refund_id}/claims", visit.account, body.token)
    to = BankAccount(body.bank, body.number, body.holder)
    try:
        claim_refund(identity, RefundId(refund_id), body.token, to, visit.ports, visit.now)
    except _SETTLED:
        return Redirect(address(refund_id))
    except _MAY_TRY_AGAIN as error:
        beside = {_BESIDE.get(type(error), "form"): sentence(error, visit)}
        return _show(visit, refund_id, visit.form, beside, HTTPStatus.UNPROCESSABLE_ENTITY)
    return Redirect(address(refund_id))


def address(refund_id: str) -> str:
    return f"/saya/pengembalian/{refund_id}"


def _show(
    visit: Visit,
    refund_id: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    status: int = HTTPStatus.OK,
) -> Shown:
    """With a new link at each call: nothing is stored for it. Raises NotFound."""
    refund = read_refund(visit.account, RefundId(refund_id), visit.ports)
    link = None
    if refund.state is RefundState.NEEDS_ACCOUNT:
        link = create_claim_link(visit.account, refund.refund_id, visit.ports, visit.now)
    promise = visit.ports.refund_promises.to_account
    return Shown(
        "refund",
        {
            "refund": Return.of(refund, visit),
            "states": STATES,
            "reason": _REASONS[refund.reason].in_language(visit.language),
            "is_paid_out": refund.claim is not None,
            "link": link,
            "banks": BANKS,
            "other_bank": OTHER_BANK,
            "typed": {name: typed.get(name, "") for name in ("bank", "other", "number", "holder")},
            "errors": errors,
            "within": span(promise, visit.language),
        },
        status=status,
        refresh_s=_LOOKS_AGAIN_S if refund.state in _SOON_OVER else None,
    )


def _read_form(visit: Visit) -> tuple[ClaimRequest | None, dict[str, str]]:
    """The request, or what is wrong with each field. Blanks, points and hyphens in a number are
    how people read theirs."""
    form = visit.form
    is_other = form.get("bank") == OTHER_BANK
    read = ClaimRequest.of_form(
        token=form.get("link", ""),
        bank=form.get("other", "").strip().lower() if is_other else form.get("bank", ""),
        number=form.get("number", "").translate(_BETWEEN_DIGITS),
        holder=form.get("holder", "").strip(),
    )
    if isinstance(read, ClaimRequest):
        return read, {}
    beside = {"bank": "other"} if is_other else {}
    fields = {beside.get(name, name) for name in read}
    return None, {name: _INVALID[name].in_language(visit.language) for name in fields}
