"""Enrolment: the stamp office's signing key gets a certificate, as an operator would get one.

A certificate authority of our own (root and intermediate, by certomancer, made anew at each start)
certifies the public half of the KMS key; the private half never leaves the key service. Key,
certificate and chain become one artefact in the documents bucket.
"""

import base64
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from meterai.pdf.identity import SigningIdentity

if TYPE_CHECKING:
    from tests.local.account import LocalAccount

SIGNING_IDENTITY_OBJECT = "signing/identity.json"

AUTHORITY = """
keysets:
  keys:
    keys:
      root: {path: root.pem}
      intermediate: {path: intermediate.pem}
      office: {path: office.pem, public-only: true}
pki-architectures:
  local:
    keyset: keys
    entity-defaults: {country-name: ID, organization-name: Meterai development}
    entities:
      root: {common-name: Development root}
      intermediate: {common-name: Development issuer}
      office: {common-name: Meterai SPESIMEN}
    certs:
      root:
        subject: root
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2050-01-01T00:00:00+0000"}
        profiles: [{id: simple-ca, params: {max-path-len: 1}}]
      intermediate:
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2045-01-01T00:00:00+0000"}
        profiles: [{id: simple-ca, params: {max-path-len: 0}}]
      office:
        issuer: intermediate
        validity: {valid-from: "2024-01-01T00:00:00+0000", valid-to: "2040-01-01T00:00:00+0000"}
        extensions:
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [digital_signature, non_repudiation]}
"""


def enrol(account: "LocalAccount") -> bytes:
    """Certifies the account's signing key, stores the artefact where the functions look, and
    answers the root certificate (DER)."""
    key_id = account.outputs["SigningKeyId"]
    public_key = account.client("kms").get_public_key(KeyId=key_id)["PublicKey"]
    identity, root = certified(key_id, public_key)
    account.client("s3").put_object(
        Bucket=account.outputs["DocumentsBucketName"],
        Key=SIGNING_IDENTITY_OBJECT,
        Body=identity.to_json().encode(),
        ContentType="application/json",
    )
    return root


def certified(key_id: str, public_key: bytes) -> tuple[SigningIdentity, bytes]:
    """The identity of a key (its public half as DER SubjectPublicKeyInfo), and its root (DER)."""
    with TemporaryDirectory() as folder:
        for name in ("root", "intermediate"):
            (Path(folder) / f"{name}.pem").write_bytes(_new_private_key())
        (Path(folder) / "office.pem").write_bytes(
            b"-----BEGIN PUBLIC KEY-----\n"
            + base64.encodebytes(public_key)
            + b"-----END PUBLIC KEY-----\n"
        )
        authority = CertomancerConfig.from_yaml(AUTHORITY, folder).get_pki_arch(ArchLabel("local"))
        root, intermediate, office = (
            authority.get_cert(CertLabel(name)).dump()
            for name in ("root", "intermediate", "office")
        )
    return SigningIdentity(key_id=key_id, certificate=office, chain=(intermediate,)), root


def _new_private_key() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
