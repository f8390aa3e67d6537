"""Validation of a file's signatures: who signed, and whether what they signed is as it was. What
followed is judged elsewhere (`changes`).

A stamp's certificate is validated at the time of its timestamp. Without one (PAdES B-B) the time is
only claimed by the signer, so a check that is intact and trusted must still be compared with the
operator's record of the serial. To rely on the file alone takes level B-T or higher.
"""

from collections.abc import Collection, Sequence

from meterai.pdf.parser_errors import check_envelope, translate_parser_errors
from meterai.pdf.verification.signature_check import SignatureCheck


def read_stamps(
    document: bytes,
    *,
    roots: Sequence[bytes],
    signers: Collection[bytes] | None = None,
) -> list[SignatureCheck]:
    """A check for every signature in the file, in the order of signing.

    `roots` are the trusted root certificates (DER) of signers and timestamp servers. `signers`, if
    given, are the only certificates that count as trusted signers. Document timestamps are not
    listed. An unsigned file gives [].

    Raises NotAPdf, DocumentTooLarge, DocumentDamaged, DocumentEncrypted. A single signature that
    cannot be parsed is no error: its check is not intact.
    """
    from meterai.pdf.verification.pyhanko_reader import check_signatures  # half a second of imports

    check_envelope(document)
    with translate_parser_errors():
        return check_signatures(document, roots, signers)
