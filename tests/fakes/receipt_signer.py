"""The signer of deadline receipts. Only the key service is simulated: its root key is local."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from meterai.trust.receipts import JwsReceiptSigner


@cache
def root_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def local_receipt_signer(issuer: str) -> JwsReceiptSigner:
    return JwsReceiptSigner(issuer, _certify, _public)


def _certify(message: bytes) -> bytes:
    r, s = decode_dss_signature(root_key().sign(message, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _public() -> bytes:
    return root_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
