"""The CloudFront Function of the edge, run by node: it chooses as the API does.

CloudFront's runtime 2.0 is ECMAScript 5.1 with parts of later versions; the code keeps to 5.1:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
"""

import json
import re
import shutil
import subprocess
from itertools import product
from typing import Any

import pytest

from meterai.languages import negotiate
from meterai_cli.edge import TEMPLATE
from tests.local.template import read_document

NODE = shutil.which("node")
FUNCTION = read_document(TEMPLATE)["Resources"]["ReduceHeaders"]["Properties"]
CODE = str(FUNCTION["FunctionCode"])
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MAX_CODE_BYTES = 10_240
RUN = """
const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(asked.map(headers => handler({request: {headers}}).headers)));
"""
RANGES = ("id", "in", "ID-id", "en", "en-GB;q=0.9", "EN;q=0.5", "id;q=0.5", "*", "*;q=0.1", "fr")
ODD = (
    "",
    " , ",
    "en;q=0",
    "id;q=0, *;q=0.5",
    "en;q=2",
    "en ; Q=1.000",
    "en;q=0.",
    "x" * 9,
    "en_GB",
)
ACCEPTED = [", ".join(ranges) for ranges in product(RANGES, repeat=3)] + [*RANGES, *ODD]

needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed (.ci/run installs it)")


def run(*headers: dict[str, Any]) -> list[dict[str, Any]]:
    assert NODE
    done = subprocess.run(
        [NODE, "-e", f"'use strict';{CODE}{RUN}"],
        input=json.dumps(headers),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answered: list[dict[str, Any]] = json.loads(done.stdout)
    return answered


@needs_node
def test_it_chooses_the_language_that_the_api_chooses() -> None:
    asked = [{"accept-language": {"value": accepted}} for accepted in ACCEPTED]
    chosen = [one["accept-language"]["value"] for one in run(*asked)]
    expected = [negotiate(accepted).value for accepted in ACCEPTED]
    assert dict(zip(ACCEPTED, chosen, strict=True)) == dict(zip(ACCEPTED, expected, strict=True))
    assert set(chosen) == {"id", "en"}


@needs_node
def test_a_person_gets_a_page_and_a_program_json() -> None:
    browser = {"accept": {"value": "text/html,application/xhtml+xml,*/*;q=0.8"}}
    program, neither = {"accept": {"value": "application/json"}}, {"host": {"value": "x"}}
    twice = {"accept": {"value": "a/b", "multiValue": [{"value": "a/b"}, {"value": "text/html"}]}}
    page, data = {"value": "text/html"}, {"value": "application/json"}
    assert [one["accept"] for one in run(browser, program, neither, twice)] == [
        page,
        data,
        data,
        page,
    ]
    (without,) = run(neither)
    assert without["accept-language"] == {"value": "id"}
    assert without["host"] == {"value": "x"}


def test_it_is_small_and_of_the_old_language() -> None:
    assert FUNCTION["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert len(CODE.encode()) <= MAX_CODE_BYTES
    assert re.findall(r"\b(?:let|const|class|await|import)\b|=>|`[^`]*\$\{", CODE) == []
