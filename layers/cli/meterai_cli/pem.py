"""Reading and writing PEM (RFC 7468)."""

from collections.abc import Iterator
from pathlib import Path

from asn1crypto import pem as asn1_pem


def pem(label: str, der: bytes) -> str:
    return str(asn1_pem.armor(label, der).decode("ascii"))


def certificates_in(*paths: Path) -> tuple[bytes, ...]:
    """The certificates in these files, as DER. A file has one in DER, or any number in PEM."""
    return tuple(der for path in paths for der in _certificates(path.read_bytes()))


def _certificates(content: bytes) -> Iterator[bytes]:
    if not asn1_pem.detect(content):
        yield content
        return
    for _, _, der in asn1_pem.unarmor(content, multiple=True):
        yield der
