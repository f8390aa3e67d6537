"""Who signed an e-meterai whose bytes are as issued: which of our certificates its signature holds.

Read from the bytes, without a parser: this is for the answer, and proves nothing.
"""

import re
from collections.abc import Collection, Iterable

from meterai.domain.stamping.serials import Serial
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.stamp_spec import SERIAL_KEY

MAX_DICTIONARY_BYTES = 100_000
_NAMED = re.compile(rb"%b[\x00\t\n\f\r ]*/([0-9A-Z]{22})\b" % SERIAL_KEY.encode("ascii"))


def signers_in(
    document: bytes, serials: Iterable[Serial], ours: Collection[SigningCertificate]
) -> dict[Serial, str]:
    """The certificate's common name, for each of the serials whose signature holds one of them."""
    written = [(one.der.hex().encode("ascii"), one.common_name) for one in ours]
    found = {}
    for serial, dictionary in _dictionaries(document, frozenset(serials)).items():
        for certificate, name in written:
            if name is not None and certificate in dictionary:
                found[serial] = name
    return found


def _dictionaries(document: bytes, serials: Collection[Serial]) -> dict[Serial, bytes]:
    """By serial, the object around the first `/XXEMeterai /<serial>`, in lower case. In one pass;
    our two engines order its entries differently."""
    found: dict[Serial, bytes] = {}
    for named in _NAMED.finditer(document):
        serial = Serial(named[1].decode("ascii"))
        if serial in serials and serial not in found:
            begins = max(0, named.start() - MAX_DICTIONARY_BYTES)
            start = max(document.rfind(b"endobj", begins, named.start()), begins)
            end = document.find(b"endobj", named.end(), named.end() + MAX_DICTIONARY_BYTES)
            found[serial] = document[start:end].lower() if end > 0 else b""
    return found
