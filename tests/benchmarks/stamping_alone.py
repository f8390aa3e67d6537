"""Stamps one file one way and tells the peak memory: the child process of `stamping_fresh`.

    python -m tests.benchmarks.stamping_alone VARIANT FILE

`ours` and `limit` import what the stamping function would, and the local key besides.
"""

import json
import re
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def main(variant: str, path: Path) -> None:
    document = path.read_bytes()
    if variant == "ours":
        _stamp(document)
    elif variant == "limit":
        import hashlib

        _ = document + _sign(_key())(hashlib.sha256(document).digest())
    else:
        from tests.benchmarks.stamping_variants import VARIANTS
        from tests.integration.pdf.stamping import mark

        VARIANTS[variant](document, mark(1))
    print(json.dumps({"peak_mb": _peak_mb()}))


def _stamp(document: bytes) -> None:
    from datetime import UTC, datetime

    from meterai.domain.stamping.placement import Placement
    from meterai.domain.stamping.serials import Serial
    from meterai.pdf.engines.chain import stamp
    from meterai.pdf.signing.signing_certificate import SigningCertificate
    from meterai.pdf.stamp_spec import StampSpec

    key = _key()
    stamp(
        document,
        [StampSpec(Serial("0" * 22), Placement(1, 300, 250, 80), "Surat lamaran")],
        identity=SigningCertificate("local", _certificate(key), ()),
        sign=_sign(key),
        at=datetime(2026, 11, 24, tzinfo=UTC),
        public_host="meterai.example",
    )
    assert "pyhanko" not in sys.modules


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _sign(key: rsa.RSAPrivateKey):  # type: ignore[no-untyped-def]
    return lambda message: key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def _certificate(key: rsa.RSAPrivateKey) -> bytes:
    """Signed by itself: nobody judges the outcome here."""
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Meterai Uji")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


def _peak_mb() -> float:
    """Of this process since it was executed, as Linux counts it."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024 / 1e6


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
