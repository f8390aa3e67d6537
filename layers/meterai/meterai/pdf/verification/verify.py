"""Judging a file's signatures: whose they are, and whether anything changed since.

A stamp's certificate is judged at the time of its timestamp. Without one (PAdES B-B) the time is
our own claim, and what makes the claim good is the operator's record of the serial, not the file:
a finding that is intact and trusted still has to be looked up. Whoever trusts the file alone needs
B-T or more.
"""

from collections.abc import Collection, Sequence

from meterai.pdf.parser_errors import check_envelope, translate_parser_errors
from meterai.pdf.verification.signature_check import StampFinding


def read_stamps(
    document: bytes, *, roots: Sequence[bytes], signers: Collection[bytes] | None = None
) -> list[StampFinding]:
    """A finding for every signature in the file, in the order of signing.

    `roots` are certificates (DER) that are trusted to have issued the signers' and the timestamp
    servers', `signers` the only ones of those that are meant, where they are known. Document
    timestamps are not signatures of anybody and are left out. An unsigned file gives [].

    Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentEncrypted. A single signature that
    cannot be parsed is no error but a finding that is not intact.
    """
    from meterai.pdf.verification.pyhanko_reader import findings  # half a second of imports

    check_envelope(document)
    with translate_parser_errors():
        return findings(document, roots, signers)
