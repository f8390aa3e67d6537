"""iText 5 beside the others, where Java and Debian's `libitext5-java` are installed.

Its program is compiled here, and stamps in a process of its own, warm: its times are of the same
minute as the others', not of the same rounds.
"""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import serialization

from tests.benchmarks.stamping_rows import Row
from tests.benchmarks.stamping_variants import OFFICE, art_png

SOURCE = Path(__file__).with_name("StampWithIText.java")
JARS = Path("/usr/share/java")
GNU_TIME = Path("/usr/bin/time")
WARM_UP, TIMES = 12, 9


def itext_rows(documents: Mapping[str, bytes], limits: Mapping[str, Row]) -> list[Row]:
    """A row for each document; none where iText is not there. `limits` are the limit's rows."""
    jars = [*JARS.glob("itext5.jar"), *JARS.glob("bcp*.jar"), *JARS.glob("bcutil.jar")]
    if not any("itext" in jar.name for jar in jars) or not shutil.which("javac"):
        return []
    class_path = ":".join(map(str, jars))
    with TemporaryDirectory() as made:
        folder = Path(made)
        _write_what_it_needs(folder)
        for name, document in documents.items():
            (folder / f"{name}.pdf").write_bytes(document)
        compiled = subprocess.run(
            ["javac", "-cp", class_path, "-d", made, str(SOURCE)], check=False, capture_output=True
        )
        if compiled.returncode:
            return []
        program = ["java", "-cp", f"{made}:{class_path}", SOURCE.stem, made]
        paths = [str(folder / f"{name}.pdf") for name in documents]
        timed = _run([*program, str(WARM_UP), str(TIMES), *paths])
        peaks = [_peak_mb([*program, "0", "1", path]) for path in paths]
    return [
        Row(
            input=name,
            variant="itext",
            median_ms=round(float(median_ms), 3),
            ratio_to_limit=round(float(median_ms) / limits[name].median_ms, 2),
            growth_bytes=int(growth_bytes),
            peak_rss_mb=peak_mb,
        )
        for name, (median_ms, growth_bytes), peak_mb in zip(
            documents, (line.split() for line in timed.splitlines()), peaks, strict=True
        )
    ]


def _write_what_it_needs(folder: Path) -> None:
    key = OFFICE.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.der").write_bytes(key)
    (folder / "leaf.der").write_bytes(OFFICE.identity.certificate)
    (folder / "issuer.der").write_bytes(OFFICE.identity.chain[0])
    (folder / "art.png").write_bytes(art_png())


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _peak_mb(command: list[str]) -> float | None:
    """Of a virtual machine that stamps once, where GNU time is installed to tell it."""
    if not GNU_TIME.exists():
        return None
    told = subprocess.run(
        [str(GNU_TIME), "-f", "%M", *command], check=True, capture_output=True, text=True
    ).stderr
    return round(int(told.split()[-1]) * 1024 / 1e6, 1)
