"""Asks the questions of `sam deploy --guided` by SAM's own code, and prints the answers as JSON.

Run by the Python of .venv-sam, with the answers as its input: `answer_guided.py TEMPLATE`.
"""

import json
import sys
from pathlib import Path

from samcli.commands._utils.template import get_template_parameters  # type: ignore[import-not-found]
from samcli.commands.deploy.guided_context import GuidedContext  # type: ignore[import-not-found]


def main(template: Path) -> None:
    guided = GuidedContext(
        template_file=str(template),
        stack_name="meterai",
        s3_bucket=None,
        image_repository=None,
        image_repositories=None,
        s3_prefix=None,
    )
    parameters = get_template_parameters(template_file=str(template))
    answers = guided.prompt_parameters(parameters, {}, "", "")
    Path(sys.argv[2]).write_text(json.dumps(answers), encoding="utf-8")


main(Path(sys.argv[1]))
