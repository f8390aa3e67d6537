"""The API as it is described, asked by schemathesis: every operation, with requests of the right
form and of wrong ones, and along the links between operations.

Nothing fails, and each answer has a status, headers, a media type and a body that `openapi.json`
describes. `out/schemathesis.txt` has what was asked. Its warnings are about an account that has
nothing: most ids that it makes up are not found.
"""

import subprocess
import sys
from pathlib import Path

from tests.e2e.customer import Customer
from tests.integration.template.declared import ROOT

HERE = Path(__file__).parent
MAX_EXAMPLES = 8  # of an operation


def test_schemathesis_finds_nothing(customer: Customer, tmp_path: Path) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(HERE / "schemathesis.toml")),
            *("run", str(ROOT / "layers/meterai/openapi.json")),
            *("--url", customer.environment.account.api_url),
            *("--header", f"Authorization: Bearer {customer.token}"),
            *("--max-examples", str(MAX_EXAMPLES), "--generation-deterministic"),
            *("--no-color", "--suppress-health-check", "all"),
            *("--phases", "examples,coverage,fuzzing,stateful"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,  # where it keeps what it found
    )
    (ROOT / "out").mkdir(exist_ok=True)
    (ROOT / "out/schemathesis.txt").write_text(run.stdout, encoding="utf-8")
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
