"""Checking a file, for everybody: the form."""

import secrets

from meterai.domain.checks.checks import UPLOADS, new_check
from meterai.domain.stamping.serials import serial_at_address, typed_serial
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.visits import Visit

ADDRESS = "/periksa"
CHANCE_BYTES = 16


def ask(visit: Visit) -> PageAnswer:
    """The form. It also takes a serial, as it is printed or as a phone reads it off the QR code."""
    typed = visit.query.get("seri", "")
    serial = typed_serial("".join(typed.split())) or serial_at_address(typed)
    if serial is not None:
        return Redirect(f"/S/{serial}")
    check = new_check(visit.now, secrets.token_bytes(CHANCE_BYTES), visit.ports.token_signer)
    back_to = f"{visit.ports.settings.pages_url}{ADDRESS}/{check.text}"
    upload = visit.ports.documents.create_browser_upload(check.account, UPLOADS, back_to)
    return Shown(
        "check",
        {
            "upload": upload,
            "limit_bytes": visit.ports.max_document_bytes,
            "typed": typed,
            "is_wrong": bool(typed.strip()),
        },
    )
