"""An independent judge of PDF/A-1b: PDFBox Preflight, as Debian packages it."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.integration.pdf.judges import JUDGES_WITHIN_S

PROGRAM = Path(__file__).with_name("ValidatePdfA.java")
JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in (
        *("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging"),
        *("javax.activation", "jaxb-api"),  # which Java itself has no longer
    )
]
"""Of the packages libpdfbox2-java, libactivation-java and libjaxb-api-java, with default-jdk."""


def pdf_a_faults(documents: Mapping[str, bytes]) -> dict[str, list[str]]:
    """What keeps each of these from being PDF/A-1b: nothing, for a valid one."""
    java = shutil.which("javac") and shutil.which("java")
    if java is None or not all(jar.exists() for jar in JARS):
        pytest.skip("PDFBox Preflight is not installed (libpdfbox2-java and its libraries)")
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{at}.pdf" for at in range(len(documents))]
        for path, document in zip(paths, documents.values(), strict=True):
            path.write_bytes(document)
        libraries = ":".join(map(str, JARS))
        command = [java, "-Xshare:auto", "-cp", libraries, str(PROGRAM), *map(str, paths)]
        run = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=JUDGES_WITHIN_S
        )
    told: list[list[str]] = []
    for line in run.stdout.splitlines():
        if line == "file":
            told.append([])
        elif line.startswith("fault "):
            told[-1].append(line.removeprefix("fault "))
    return dict(zip(documents, told, strict=True))
