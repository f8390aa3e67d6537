"""The name by which people know whose a certificate is."""

from typing import Any

MAX_NAME_CHARACTERS = 200


def subject_name(certificate: Any) -> str:
    """The subject's common name, where there is one (of an `asn1crypto.x509.Certificate`)."""
    named = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
    return str(named[0] if isinstance(named, list) else named)[:MAX_NAME_CHARACTERS]
