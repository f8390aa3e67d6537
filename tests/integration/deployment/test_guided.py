"""`sam deploy --guided` asks each question once, by SAM's own code."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.integration.template.declared import ROOT, TEMPLATE

SAM_PYTHON = ROOT / ".venv-sam" / "bin" / "python"
HOST = "meterai.example"


@pytest.mark.skipif(not SAM_PYTHON.exists(), reason="`make setup` has not run")
def test_the_host_and_the_return_key_answer_every_question(tmp_path: Path) -> None:
    answered = tmp_path / "answers.json"
    asked = [SAM_PYTHON, Path(__file__).with_name("answer_guided.py")]
    answers = [HOST if name == "PublicHost" else "" for name in TEMPLATE.parameters]
    done = subprocess.run(
        [*asked, ROOT / "template.yaml", answered],
        input="\n".join(answers) + "\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    chosen = {name: one["Value"] for name, one in json.loads(answered.read_text()).items()}
    defaults = {name: str(one.get("Default")) for name, one in TEMPLATE.parameters.items()}
    assert {name: str(value) for name, value in chosen.items()} == defaults | {"PublicHost": HOST}
