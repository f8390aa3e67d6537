"""Who signed an e-meterai whose bytes are as issued: which of our certificates its signature holds.

Read from the bytes, without a parser: this is for the answer, and proves nothing.
"""

import re
from collections.abc import Collection, Iterable

from meterai.domain.stamping.serials import Serial
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.stamp_spec import SERIAL_KEY

MAX_DICTIONARY_BYTES = 100_000


def signers_in(
    document: bytes, serials: Iterable[Serial], ours: Collection[SigningCertificate]
) -> dict[Serial, str]:
    """The certificate's common name, for each of the serials whose signature holds one of them."""
    written = [(one.der.hex().encode("ascii"), one.common_name) for one in ours]
    found = {}
    for serial in serials:
        dictionary = _dictionary_of(document, serial).lower()
        for certificate, name in written:
            if name is not None and certificate in dictionary:
                found[serial] = name
    return found


def _dictionary_of(document: bytes, serial: Serial) -> bytes:
    """The object around `/XXEMeterai /<serial>`; our two engines order its entries differently."""
    key = SERIAL_KEY.encode("ascii")
    named = re.search(rb"%b[\x00\t\n\f\r ]*/%b\b" % (key, serial.encode("ascii")), document)
    if named is None:
        return b""
    begins = max(0, named.start() - MAX_DICTIONARY_BYTES)
    start = max(document.rfind(b"endobj", begins, named.start()), begins)
    end = document.find(b"endobj", named.end(), named.end() + MAX_DICTIONARY_BYTES)
    return document[start:end] if end > 0 else b""
