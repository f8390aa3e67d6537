"""A signer whose certificate has expired, a timestamp server, and validation by pyHanko."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from meterai.pdf.augmentation.augment import add_timestamp, add_validation_data
from meterai.pdf.engines.chain import stamp
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.signing.timestamps import TimestampServers
from meterai.pdf.stamp_spec import StampSpec
from meterai.trust.fetcher import TrustFetcher
from tests.integration.pdf.stamping import HOST
from tests.local.authority import LocalAuthority

SPRING = datetime(2025, 3, 1, 12, tzinfo=UTC)
EXPIRES = "2025-06-01"  # the signer's certificate: long before any of these tests runs
TOKEN_BYTES = 4_096


@dataclass
class LongLife:
    """A system in the spring of 2025, whose certificate expired that summer."""

    authority: LocalAuthority
    certificate: SigningCertificate
    servers: TimestampServers
    http: TrustFetcher

    def stamped(self, document: bytes, *specs: StampSpec, timestamped: bool = False) -> bytes:
        return stamp(
            document,
            specs,
            certificate=self.certificate,
            sign=sign,
            at=self.authority.at or SPRING,
            public_host=HOST,
            timestamps=self.servers if timestamped else None,
        )

    def timestamped(self, document: bytes) -> bytes:
        return add_timestamp(document, self.servers, signers=[self.certificate.der])

    def proved(self, document: bytes) -> bytes:
        return add_validation_data(
            document,
            fetch=self.http,
            roots=[self.authority.root],
            signers=[self.certificate.der],
            at=self.authority.at or SPRING,
        )


@contextmanager
def long_life() -> Iterator[LongLife]:
    with LocalAuthority(at=SPRING) as authority:
        http = TrustFetcher()
        certificate = SigningCertificate(
            "key", authority.certify(PUBLIC_KEY, until=EXPIRES), authority.chain
        )
        servers = TimestampServers([authority.timestamp_url], http, TOKEN_BYTES)
        yield LongLife(authority, certificate, servers, http)


def sign(message: bytes) -> bytes:
    return _key().sign(message, padding.PKCS1v15(), hashes.SHA256())


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


PUBLIC_KEY = (
    _key()
    .public_key()
    .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)


def validated_by_pyhanko(document: bytes, root: bytes) -> Sequence[bool]:
    """For each stamp: pyHanko's own verdict today, at the time of the file's timestamps, with the
    data in the file. Every certificate needs revocation data, and nothing is fetched."""
    return asyncio.run(_validated(PdfFileReader(BytesIO(document)), Certificate.load(root)))


async def _validated(reader: PdfFileReader, root: Certificate) -> list[bool]:
    store = DocumentSecurityStore.read_dss(reader)

    def at(moment: datetime) -> Any:
        return store.as_validation_context(
            {
                "trust_roots": [root],
                "moment": moment,
                "allow_fetching": False,
                "revocation_mode": "require",
                "retroactive_revinfo": True,
            }
        )

    dated = []
    for timestamp in reader.embedded_timestamp_signatures:
        when = _time_in(timestamp.signed_data)
        proof = await async_validate_pdf_timestamp(timestamp, at(when))
        assert (proof.valid, proof.trusted) == (True, True)
        dated.append(when)
    verdicts = []
    for signature in reader.embedded_regular_signatures:
        own = [_time_in(one) for one in extract_tst_data_iter(signature.signer_info, signed=False)]
        moment = at(min(*dated, *own, datetime.max.replace(tzinfo=UTC)))
        verdict = await async_validate_pdf_signature(signature, moment)
        token = verdict.timestamp_validity
        assert token is None or (token.valid and token.trusted)
        verdicts.append(verdict.bottom_line)
    return verdicts


def _time_in(token: cms.SignedData) -> datetime:
    generated: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return generated
