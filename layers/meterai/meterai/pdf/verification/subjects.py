"""The name by which people know whose a certificate is."""

from typing import Any

from meterai.pdf.verification.printable import printable

MAX_NAME_CHARACTERS = 200


def subject_name(certificate: Any) -> str:
    """The subject's common name, where there is one (of an `asn1crypto.x509.Certificate`)."""
    named = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
    return printable(str(named[0] if isinstance(named, list) else named)[:MAX_NAME_CHARACTERS])
