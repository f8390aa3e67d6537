"""Checkov's judgement of the transformed template. Fails on each finding without an exception here,
and on each exception that excuses nothing.

Run by the Python of .venv-checkov: `judge_template.py TRANSFORMED.json`, which
tests/integration/deployment/transformed.py writes. Only the runner that is needed is loaded: the
command loads all of them, and asks its maker's server for news.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

# By check: what every resource of its type is excused for. Or by check and resource.
EXCEPTIONS = {
    "CKV_AWS_18": "who reads documents is in CloudTrail's data events, where wanted: DEPLOYING.md",
    "CKV_AWS_26": "S3 and CloudWatch cannot publish under AWS's own key; no message names a person",
    "CKV_AWS_27": "SqsManagedSseEnabled encrypts; the check looks for a key of KMS alone",
    "CKV_AWS_115": "functions that only read share what the lanes leave: test_lanes.py",
    "CKV_AWS_116": "invoked synchronously, by a queue with dead letters, or each minute anew",
    "CKV_AWS_117": "inspect alone opens what strangers made; the others ask AWS and the gateway",
    "CKV_AWS_119": "encrypted under AWS's key for DynamoDB; rights are in the roles, not in a key",
    "CKV_AWS_149": "encrypted under AWS's key for Secrets Manager; no other account reads them",
    "CKV_AWS_158": "CloudWatch encrypts all logs; no token and no person is in them: test_logs.py",
    "CKV_AWS_166": "encrypted under AWS's key for Backup; copies stay in this account",
    "CKV_AWS_173": "Lambda encrypts all variables, and none is a secret: secrets are named by ARN",
    # docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    "CKV_AWS_111 AWS::IAM::Role.InspectRole": "Lambda attaches it to its network; its code may not",
}
# As given here, since checkov fills each in by a parser that it makes anew each time.
PSEUDO_PARAMETERS = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "ap-southeast-3",
    "AWS::StackName": "meterai",
    "AWS::URLSuffix": "amazonaws.com",
}


class Record(Protocol):
    """A check's verdict on a resource."""

    check_id: str
    check_name: str
    resource: str


def main() -> int:
    from checkov.cloudformation.runner import Runner  # type: ignore[import-not-found]
    from checkov.runner_filter import RunnerFilter  # type: ignore[import-not-found]

    source = Path(sys.argv[1])
    filled = source.with_name("judged.json")
    filled.write_text(json.dumps(_filled_in(json.loads(source.read_text(encoding="utf-8")))))
    wanted = RunnerFilter(framework=["cloudformation"])
    report = Runner().run(root_folder=None, files=[str(filled)], runner_filter=wanted)
    said = findings(report.failed_checks)
    if report.parsing_errors or not report.passed_checks:
        said.append("checkov could not read the template")
    for one in said:
        print(one, file=sys.stderr)
    return 1 if said else 0


def findings(failed: Iterable[Record]) -> list[str]:
    """What no exception excuses, and each exception that excuses nothing."""
    used, said = set(), []
    for one in failed:
        names = {one.check_id, f"{one.check_id} {one.resource}"} & EXCEPTIONS.keys()
        used |= names
        if not names:
            said.append(f"{one.resource}: {one.check_name} ({one.check_id})")
    said += [f"excuses nothing, take it out: {name}" for name in EXCEPTIONS.keys() - used]
    return sorted(said)


def _filled_in(value: Any) -> Any:
    match value:
        case {"Ref": str(name)} if name in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[name]
        case {"Fn::Sub": str(text)}:
            for name, given in PSEUDO_PARAMETERS.items():
                text = text.replace(f"${{{name}}}", given)
            return {"Fn::Sub": text} if "${" in text else text
        case dict():
            return {key: _filled_in(one) for key, one in value.items()}
        case list():
            return [_filled_in(one) for one in value]
        case _:
            return value


if __name__ == "__main__":
    sys.exit(main())
