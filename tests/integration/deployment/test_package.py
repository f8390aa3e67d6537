"""What `pip install ".[client]"` and `".[cli]"` install, each in an environment that has what its
extra names and nothing else. That is linked from the development environment: no registry is asked.
"""

import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

from meterai.pdf.signing.signing_keyring import SigningKeyring
from tests.architecture.tree import ROOT
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import document
from tests.integration.pdf.stamping import stamped

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    [made] = folder.glob("*.whl")
    return made


def install(wheel: Path, extra: str, folder: Path) -> str:
    """The interpreter of a new environment."""
    uv = [find_uv_bin(), "--quiet", "--offline"]
    subprocess.run([*uv, "venv", "--python", sys.executable, str(folder)], check=True)
    python = str(folder / "bin/python")
    target = ["pip", "install", "--no-deps", "--python", python]
    subprocess.run([*uv, *target, str(wheel)], check=True)
    [site_packages] = folder.glob("lib/python*/site-packages")
    for name in required(extra):
        for file in distribution(name).files or ():
            top = file.parts[0]
            place = site_packages / top
            if top != ".." and not place.exists():
                place.symlink_to(Path(str(distribution(name).locate_file(top))))
    return python


def required(extra: str) -> set[str]:
    """The names of all distributions that the extra brings."""
    found: set[str] = set()
    waiting = [*map(Requirement, EXTRAS[extra])]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name == PROJECT["project"]["name"]:
            waiting += [Requirement(text) for more in one.extras for text in EXTRAS[more]]
        elif name not in found and (one.marker is None or one.marker.evaluate({"extra": ""})):
            found.add(name)
            waiting += map(Requirement, distribution(name).requires or ())
    return found


def test_extras_name_what_is_locked() -> None:
    groups = PROJECT["dependency-groups"]
    locked = {
        one.partition(" ")[0]
        for group in ("layer-meterai", "layer-document-libraries")
        for one in groups[group]
    }
    named = {one for extra in EXTRAS.values() for one in extra} - {"meterai[client]"}
    assert named <= locked


def test_the_client_works_with_its_extra_alone(wheel: Path, tmp_path: Path) -> None:
    assert required("client") == {
        "annotated-types",
        "pydantic",
        "pydantic-core",
        "typing-extensions",
        "typing-inspection",
        "urllib3",
    }
    code = """
import meterai_client as m
client = m.Client("http://127.0.0.1:1", "token", call_s=0.1)
try:
    client.order("ord_CK64EG2Y75PUE2VPFYTSQ3DNE5")
except m.NoAnswer as lost:
    print(lost)
"""
    python = install(wheel, "client", tmp_path / "env")
    said = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout == "the API did not answer: NewConnectionError\n"


def test_the_commands_work_with_their_extra_alone(wheel: Path, tmp_path: Path) -> None:
    ours = authority()
    manifest, file = tmp_path / "manifest.json", tmp_path / "stamped.pdf"
    manifest.write_text(SigningKeyring(ours.signer.certificate, (), (ours.root,)).to_json())
    file.write_bytes(stamped(document()))
    python = install(wheel, "cli", tmp_path / "env")
    cli = ROOT / "layers/cli"
    paths = [path.relative_to(cli) for path in cli.glob("meterai_cli/**/[!_]*.py")]
    modules = sorted(".".join(path.with_suffix("").parts) for path in paths)
    code = f"""
import sys
import {", ".join(modules)}
from meterai_cli.__main__ import main
sys.exit(main(["verify", "--manifest", *sys.argv[1:]]))
"""
    command = [python, "-c", code, str(manifest), str(file)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert said.stdout.startswith("verdict    genuine")
