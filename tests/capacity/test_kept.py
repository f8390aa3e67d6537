"""What the README shows is of the template as it is: else `python -m tests.capacity --keep`."""

import json

from tests.architecture.tree import ROOT
from tests.capacity.kept import KEPT, PICTURE, made_of, picture_sha256

AGAIN = "run `make capacity` with --keep, and put its table into the README"
MAX_BYTES = 100_000


def test_the_kept_answers_are_of_this_template_and_these_limits() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert kept["made_of"] == json.loads(json.dumps(made_of())), AGAIN


def test_the_readme_shows_the_table_of_the_kept_run() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    missing = [
        line
        for line in json.loads(KEPT.read_text(encoding="utf-8"))["readme"]
        if line not in readme
    ]
    assert not missing, f"{AGAIN}: {missing}"


def test_the_picture_is_of_the_same_run_and_small() -> None:
    assert picture_sha256() == json.loads(KEPT.read_text(encoding="utf-8"))["picture_sha256"], AGAIN
    assert PICTURE.stat().st_size <= MAX_BYTES
