"""Attacks that do not keep the issued bytes: forged, wrapped, copied, moved, signed by strangers.

Universal forgery and wrapping are of CCS 2019.
"""

import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from meterai.pdf.signing.signing_certificate import SigningCertificate
from tests.fixtures.documents.pki import Signatory, authority
from tests.integration.pdf.attacks.attack import ALTERED, COPY, Attack
from tests.integration.pdf.attacks.letters import AMOUNT, OTHER_AMOUNT, letter, plain
from tests.integration.pdf.stamping import stamped


def attacks() -> Iterator[Attack]:
    issued = plain()
    forged = issued.replace(AMOUNT, OTHER_AMOUNT)
    yield Attack("the amount, in place", issued, forged, ALTERED)
    yield from _forgeries(issued, forged)
    yield from _wrapped(issued)
    yield from _moved(issued)
    yield from _copies(issued)
    yield from _strangers(issued)


def _forgeries(issued: bytes, forged: bytes) -> Iterator[Attack]:
    """The signature is made one that cannot be verified, so that a reader may skip it."""
    contents = rb"/Contents<[0-9a-fA-F]+>"
    byte_range = rb"/ByteRange\[[^\]]*\]"
    for name, pattern, value in (
        ("no /Contents", contents, b""),
        ("/Contents null", contents, b"/Contents null"),
        ("/Contents empty", contents, b"/Contents<>"),
        ("/Contents zero", contents, b"/Contents<00>"),
        ("no /ByteRange", byte_range, b""),
        ("/ByteRange null", byte_range, b"/ByteRange null"),
        ("/ByteRange empty", byte_range, b"/ByteRange[]"),
        ("/ByteRange of nothing", byte_range, b"/ByteRange[0 0 0 0]"),
        ("/ByteRange negative", byte_range, b"/ByteRange[0 -1 -1 9]"),
        ("/ByteRange of a part", byte_range, b"/ByteRange[0 9 99 9]"),
        ("another /SubFilter", rb"/SubFilter/[A-Za-z.]+", b"/SubFilter/x"),
        ("another /Filter", rb"/Filter/Adobe.PPKLite", b"/Filter/x"),
    ):
        yield Attack(name, issued, _replaced(forged, pattern, value), ALTERED)


def _wrapped(issued: bytes) -> Iterator[Attack]:
    """The signed bytes are moved apart, and what is shown is put between them."""
    numbers = [
        int(one) for one in re.findall(rb"/ByteRange\[(\d+) +(\d+) +(\d+) +(\d+)", issued)[0]
    ]
    _, before, after, rest = numbers
    another = letter().replace(AMOUNT, OTHER_AMOUNT)
    for name, inner, shows in (
        ("another letter between the covered bytes", another, "other"),
        ("blanks between the covered bytes", b" " * 400, "issued"),
    ):
        middle = issued[before:after] + inner
        moved = b"/ByteRange[0 %d %d %d]" % (before, before + len(middle), rest)
        document = issued[:before] + middle + issued[after:]
        document = _replaced(document, rb"/ByteRange\[[^\]]*\]", moved)
        yield Attack(name, issued, document, ALTERED, shows, shows)


def _moved(issued: bytes) -> Iterator[Attack]:
    """Other bytes are put before the file."""
    for name, before in (
        ("a line before the file", b"\r\n"),
        ("a page for browsers before the file", b"<html><h1>Rp 9.000.000</h1></html>\n"),
        ("another file before the file", letter().replace(AMOUNT, OTHER_AMOUNT)),
    ):
        yield Attack(name, issued, before + issued, ALTERED, "issued", "issued")


def _copies(issued: bytes) -> Iterator[Attack]:
    """The e-meterai is copied onto another letter."""
    other = letter().replace(AMOUNT, OTHER_AMOUNT)
    made = BytesIO()
    with pikepdf.open(BytesIO(issued)) as source, pikepdf.open(BytesIO(other)) as target:
        target.Root.AcroForm = target.copy_foreign(source.Root.AcroForm)
        target.pages[0].Annots = target.Root.AcroForm.Fields
        target.save(made)
    yield Attack("the field on another letter", issued, made.getvalue(), ALTERED)
    made = BytesIO()
    with pikepdf.open(BytesIO(issued)) as source, pikepdf.open(BytesIO(other)) as target:
        target.add_pages_from(source)
        target.save(made)
    yield Attack("the page in another file", issued, made.getvalue(), ALTERED)
    twice = stamped(other)
    yield Attack("the same serial on another letter", issued, twice, ALTERED)


def _strangers(issued: bytes) -> Iterator[Attack]:
    """Somebody else signs a field that is named after the serial."""
    other = letter().replace(AMOUNT, OTHER_AMOUNT)
    person = authority().person
    # Of the e-meterai only the picture is ours.
    by_person, by_impostor = stamped(other, signer=person), stamped(other, signer=_impostor())
    yield Attack("a person's key", issued, by_person, COPY)
    yield Attack("a weak key in our name", issued, by_impostor, COPY)
    ours = stamped(other)
    (value,) = re.findall(rb"/Contents<([0-9a-fA-F]+?)(?:00)*>", ours)
    wrong = value[:-64] + b"00" * 32
    document = ours.replace(value, wrong)
    yield Attack("our certificate, another signature", issued, document, ALTERED)


def _impostor() -> Signatory:
    """Signed with a self-made certificate that names us and our issuer."""
    real = x509.load_der_x509_certificate(authority().signer.certificate.der)
    key = rsa.generate_private_key(public_exponent=3, key_size=1024)  # noqa: S505
    made = (
        x509.CertificateBuilder(
            issuer_name=real.issuer,
            subject_name=real.subject,
            public_key=key.public_key(),
            serial_number=real.serial_number,
            not_valid_before=real.not_valid_before_utc,
            not_valid_after=real.not_valid_after_utc,
        )
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    chain = authority().signer.certificate.chain
    return Signatory(SigningCertificate(key_id="weak", der=made, chain=chain), key)


def _replaced(document: bytes, pattern: bytes, value: bytes) -> bytes:
    """Each match is replaced by the value and blanks, so that no offset changes."""

    def padded(found: "re.Match[bytes]") -> bytes:
        return value + b" " * (len(found[0]) - len(value))

    return re.sub(pattern, padded, document)
