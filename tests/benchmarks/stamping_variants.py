"""The ways to stamp that are held side by side: each a function of document and mark.

All sign with the same local RSA-2048 key, which stands in for the key service, in the name of the
same certificate with its one issuer.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from tempfile import NamedTemporaryFile

from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.stamp import QRStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import public_address
from meterai.pdf.engines.chain import stamp
from meterai.pdf.rendering.render import render_page
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.integration.pdf.stamping import AT, HOST, mark

Variant = Callable[[bytes, StampSpec], bytes]

OFFICE = authority().office
SIDE_PT = 80
BOX = (300, 250, 300 + SIDE_PT, 250 + SIDE_PT)
ART_PIXELS = 200


def limit(original: bytes, _: StampSpec) -> bytes:
    """What nobody can do without: one copy, one SHA-256, one signature."""
    return b"".join((original, OFFICE.sign(hashlib.sha256(original).digest())))


def ours(original: bytes, one: StampSpec) -> bytes:
    return stamp(
        original, [one], identity=OFFICE.identity, sign=OFFICE.sign, at=AT, public_host=HOST
    )


def pyhanko_documented(original: bytes, one: StampSpec) -> bytes:
    """As its documentation shows it: the key is loaded, the style made, the signer asked."""
    with NamedTemporaryFile(suffix=".pem") as key, NamedTemporaryFile(suffix=".pem") as certificate:
        key.write(_key_pem())
        certificate.write(_certificate_pem())
        key.flush()
        certificate.flush()
        signer = SimpleSigner.load(key.name, certificate.name)
    assert signer is not None
    return _signed_by_pyhanko(original, one, signer)


def pyhanko_kms(original: bytes, one: StampSpec) -> bytes:
    """With a signer that asks a key service, made for each document."""
    return _signed_by_pyhanko(original, one, KeyServiceSigner())


class KeyServiceSigner(Signer):
    """Its signature's size is known, so that the dry run need not ask the service."""

    def __init__(self) -> None:
        issuers = [x509.Certificate.load(issuer) for issuer in OFFICE.identity.chain]
        make_store: Callable[[], SimpleCertificateStore] = SimpleCertificateStore
        registry = make_store()
        registry.register_multiple(issuers)
        super().__init__(
            signing_cert=x509.Certificate.load(OFFICE.identity.certificate),
            cert_registry=registry,
        )

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002 - SHA-256, which the key service is set to
        dry_run: bool = False,  # noqa: FBT001, FBT002 - as pyHanko calls it
    ) -> bytes:
        return bytes(256) if dry_run else OFFICE.sign(data)


def _signed_by_pyhanko(original: bytes, one: StampSpec, signer: Signer) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=one.field_name,
        reason=one.signature_reason,
        location="Indonesia",
        name="Meterai",
        subfilter=SigSeedSubFilter.PADES,
    )
    style = QRStampStyle(
        stamp_text=one.serial,
        background=PdfImage(Image.open(BytesIO(art_png()))),
        background_opacity=1,
    )
    signing = PdfSigner(
        metadata,
        signer,
        stamp_style=style,
        new_field_spec=SigFieldSpec(one.field_name, box=BOX),
    )
    output = BytesIO()
    signing.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(original)),
        output=output,
        appearance_text_params={"url": public_address(HOST, one.serial)},
    )
    return output.getvalue()


@cache
def art_png() -> bytes:
    """The picture that ships, as the PNG that others take."""
    square = document(Shape(media_box=(0, 0, SIDE_PT, SIDE_PT)))
    stamped = ours(square, mark(0, Placement(1, 0, 0, SIDE_PT)))
    return render_page(stamped, 0, dpi=ART_PIXELS * 72 / SIDE_PT)


@cache
def _key_pem() -> bytes:
    return OFFICE.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@cache
def _certificate_pem() -> bytes:
    from cryptography.x509 import load_der_x509_certificate

    loaded = load_der_x509_certificate(OFFICE.identity.certificate)
    return loaded.public_bytes(serialization.Encoding.PEM)


VARIANTS: dict[str, Variant] = {
    "limit": limit,
    "pyhanko_documented": pyhanko_documented,
    "pyhanko_kms": pyhanko_kms,
    "ours": ours,
}
