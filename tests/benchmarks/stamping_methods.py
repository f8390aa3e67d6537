"""The ways to stamp that the benchmark compares: the limit, pyHanko and ours.

Each is a function of a document and a stamp. All sign with the same local RSA-2048 key, which
takes the place of the key service, under the same certificate with one issuer.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from io import BytesIO

from asn1crypto import x509
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.stamp import QRStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import public_address
from meterai.pdf.engines.chain import stamp
from meterai.pdf.rendering.render import render_page
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, document
from tests.integration.pdf.stamping import AT, HOST, a_spec

Method = Callable[[bytes, StampSpec], bytes]

SIGNER = authority().signer
SIDE_PT = 80
BOX = (300, 250, 300 + SIDE_PT, 250 + SIDE_PT)
ART_PIXELS = 200


def limit(original: bytes, _: StampSpec) -> bytes:
    """The least that any method must do: one copy, one SHA-256, one signature."""
    return b"".join((original, SIGNER.sign(hashlib.sha256(original).digest())))


def ours(original: bytes, spec: StampSpec) -> bytes:
    return stamp(
        original,
        [spec],
        certificate=SIGNER.certificate,
        sign=SIGNER.sign,
        at=AT,
        public_host=HOST,
    )


def pyhanko(original: bytes, spec: StampSpec) -> bytes:
    """The same art, QR and PAdES field by pyHanko, with a signer that asks a key service."""
    metadata = PdfSignatureMetadata(
        field_name=spec.field_name,
        reason=spec.signature_reason,
        location="Indonesia",
        name="Meterai",
        subfilter=SigSeedSubFilter.PADES,
    )
    style = QRStampStyle(
        stamp_text=spec.serial,
        background=PdfImage(Image.open(BytesIO(_art_png()))),
        background_opacity=1,
    )
    signing = PdfSigner(
        metadata,
        KeyServiceSigner(),
        stamp_style=style,
        new_field_spec=SigFieldSpec(spec.field_name, box=BOX),
    )
    output = BytesIO()
    signing.sign_pdf(
        IncrementalPdfFileWriter(BytesIO(original)),
        output=output,
        appearance_text_params={"url": public_address(HOST, spec.serial)},
    )
    return output.getvalue()


class KeyServiceSigner(Signer):
    """Made for each document. It knows the signature's size, so the dry run makes no request."""

    def __init__(self) -> None:
        issuers = [x509.Certificate.load(issuer) for issuer in SIGNER.certificate.chain]
        make_store: Callable[[], SimpleCertificateStore] = SimpleCertificateStore
        registry = make_store()
        registry.register_multiple(issuers)
        super().__init__(
            signing_cert=x509.Certificate.load(SIGNER.certificate.der),
            cert_registry=registry,
        )

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002 - SHA-256, which the key service is set to
        dry_run: bool = False,  # noqa: FBT001, FBT002 - as pyHanko calls it
    ) -> bytes:
        return bytes(256) if dry_run else SIGNER.sign(data)


@cache
def _art_png() -> bytes:
    """The art that ships, drawn as the PNG that pyHanko takes."""
    square = document(Shape(media_box=(0, 0, SIDE_PT, SIDE_PT)))
    stamped = ours(square, a_spec(0, Placement(1, 0, 0, SIDE_PT)))
    return render_page(stamped, 0, dpi=ART_PIXELS * 72 / SIDE_PT)


METHODS: dict[str, Method] = {"limit": limit, "pyhanko": pyhanko, "ours": ours}
