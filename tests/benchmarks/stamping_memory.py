"""Stamps one file by one method and prints the peak memory of this process.

    python -m tests.benchmarks.stamping_memory METHOD FILE

`ours` and `limit` import what the stamping function imports, and the local key besides.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ROOT = Path(__file__).parents[2]


def peak_mb(method: str, path: Path) -> float:
    """The peak memory of a new process that only stamps this file by this method."""
    printed = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.stamping_memory", method, str(path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return float(json.loads(printed)["peak_mb"])


def main(method: str, path: Path) -> None:
    document = path.read_bytes()
    if method == "ours":
        _stamp(document)
    elif method == "limit":
        import hashlib

        _ = document + _sign(_key())(hashlib.sha256(document).digest())
    else:
        from tests.benchmarks.stamping_methods import METHODS
        from tests.integration.pdf.stamping import a_spec

        METHODS[method](document, a_spec(1))
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
        certificate=SigningCertificate("local", _certificate(key), ()),
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
    """Self-signed: nothing here validates it."""
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
    """Linux counts it for each process since its start."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024 / 1e6


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
