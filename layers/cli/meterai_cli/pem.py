"""Reading and writing PEM (RFC 7468)."""

from pathlib import Path

from asn1crypto import pem as asn1_pem


def pem(label: str, der: bytes) -> str:
    return str(asn1_pem.armor(label, der).decode("ascii"))


def certificates_in(path: Path) -> tuple[bytes, ...]:
    """The certificates in a file, as DER. The file has one in DER, or any number in PEM."""
    content = path.read_bytes()
    if not asn1_pem.detect(content):
        return (content,)
    return tuple(der for _, _, der in asn1_pem.unarmor(content, multiple=True))
