"""`template.yaml` as CloudFormation deploys it: its loops expanded, and transformed by SAM's own
translator; then with the profile's values, and everything else unresolved.

    python -m tests.integration.deployment.transformed FILE     writes a production's
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.integration.template.declared import ROOT, with_profile
from tests.local.loops import expand_loops
from tests.local.template import read_document

SAM_PYTHON = ROOT / ".venv-sam" / "bin" / "python"
Resources = Mapping[str, Mapping[str, Any]]


@cache
def transformed(profile: str = "production", release: str = "2611300900") -> Resources:
    """By logical id. Takes seconds."""
    template = expand_loops(read_document(ROOT / "template.yaml"))
    parameters = {"Profile": profile, "PublicHost": "meterai.example", "Release": release}
    done = subprocess.run(
        [SAM_PYTHON, Path(__file__).with_name("transform.py")],
        input=json.dumps({"template": template, "parameters": parameters}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    resources: Resources = json.loads(done.stdout)["Resources"]
    return {
        name: with_profile(one, production=profile == "production")
        for name, one in resources.items()
    }


def of_type(resource_type: str, profile: str = "production") -> Resources:
    return {
        name: one["Properties"]
        for name, one in transformed(profile).items()
        if one["Type"] == resource_type
    }


if __name__ == "__main__":
    written = Path(sys.argv[1])
    written.parent.mkdir(exist_ok=True)
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": transformed()}
    written.write_text(json.dumps(template), encoding="utf-8")
