"""What `make template` says of checkov's verdicts; it runs checkov itself."""

from types import SimpleNamespace

from tests.tools.judge_template import EXCEPTIONS, Record, findings


def failed(check: str, resource: str) -> Record:
    return SimpleNamespace(check_id=check, check_name="what it asks for", resource=resource)


EXCUSED = [failed(*(f"{name} any").split(" ")[:2]) for name in EXCEPTIONS]


def test_an_excused_verdict_is_no_finding() -> None:
    assert findings(EXCUSED) == []


def test_a_verdict_without_an_exception_is_a_finding() -> None:
    assert findings([*EXCUSED, failed("CKV_AWS_53", "AWS::S3::Bucket.DocumentsBucket")]) == [
        "AWS::S3::Bucket.DocumentsBucket: what it asks for (CKV_AWS_53)"
    ]


def test_an_exception_of_one_resource_excuses_no_other() -> None:
    assert findings([*EXCUSED, failed("CKV_AWS_111", "AWS::IAM::Role.StampRole")]) == [
        "AWS::IAM::Role.StampRole: what it asks for (CKV_AWS_111)"
    ]


def test_an_exception_that_excuses_nothing_is_a_finding() -> None:
    assert findings(one for one in EXCUSED if one.check_id != "CKV_AWS_27") == [
        "excuses nothing, take it out: CKV_AWS_27"
    ]
