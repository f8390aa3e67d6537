"""/saya/tanda-terima: that a document was accepted, and when, as a QR code and as text.

It is shown by the function that signs receipts, so that no other one that shows pages has the key.
"""

import base64

from meterai.pages.answers import Shown
from meterai.pages.qr import qr_picture
from meterai.pages.visits import Visit
from meterai.steps.read_receipt import read_receipt


def show(visit: Visit, stamping_id: str) -> Shown:
    receipt = read_receipt(visit.account, stamping_id, visit.ports, visit.now)
    picture = base64.b64encode(qr_picture(receipt)).decode()
    return Shown("receipt", {"receipt": receipt, "picture": picture})
