"""Does what CloudFormation does with a SAM template, by SAM's own translator.

Run by the Python of .venv-sam: reads `{"template": ..., "parameters": ...}` as JSON from its input,
and writes the transformed template. Loops are expanded before.
"""

import json
import sys
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-not-found]
from samtranslator.translator.translator import Translator  # type: ignore[import-not-found]

_PACKAGED = {"CodeUri": "s3://packages/function.zip", "ContentUri": "s3://packages/layer.zip"}


def main() -> None:
    given: dict[str, Any] = json.load(sys.stdin)
    template = given["template"]
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        properties.update({name: uri for name, uri in _PACKAGED.items() if name in properties})
    declared = template["Parameters"].items()
    defaults = {name: str(one["Default"]) for name, one in declared if "Default" in one}
    session = boto3.Session(region_name="ap-southeast-3")
    translator = Translator({}, Parser(), boto_session=session)
    json.dump(translator.translate(template, defaults | given["parameters"]), sys.stdout)


main()
