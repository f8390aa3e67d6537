"""The audit trail: each action is an object of its own, written once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from meterai.aws.storage.audit_trail import PREFIX, S3AuditTrail
from meterai.domain.operators import AuditRecord, Operator, OperatorAction
from meterai_cli.buying import turn
from meterai_cli.caller import caller
from tests.contract.backends import AwsBackend
from tests.contract.factories import NOW

SRI = Operator("c93e1f52-4d07-4b8e-9a61-0d2f7b5c8e34", "sri.wahyuni")
RECORD = AuditRecord(SRI, OperatorAction.READ_LEDGER, "an account", "keluhan “pembeli”", NOW)


@pytest.fixture
def trail(moto_backend: AwsBackend) -> S3AuditTrail:
    return S3AuditTrail(moto_backend.clients.s3, moto_backend.documents.bucket)


def stored(trail: S3AuditTrail) -> dict[str, Any]:
    found = trail.client.list_objects_v2(Bucket=trail.bucket, Prefix=PREFIX).get("Contents", [])
    return {
        one["Key"]: json.loads(
            trail.client.get_object(Bucket=trail.bucket, Key=one["Key"])["Body"].read()
        )
        for one in found
    }


def test_who_did_what_when_and_why_is_found_by_its_day(trail: S3AuditTrail) -> None:
    trail.record(RECORD)
    ((key, values),) = stored(trail).items()
    assert key.startswith(f"audit/{NOW.date()}/")
    assert values == {
        "at": NOW.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "operator_id": SRI.operator_id,
        "operator": "sri.wahyuni",
        "action": "read_ledger",
        "target": "an account",
        "reason": "keluhan “pembeli”",
    }


def test_two_actions_of_one_moment_are_two_records(trail: S3AuditTrail) -> None:
    trail.record(RECORD)
    trail.record(RECORD)
    assert len(stored(trail)) == 2


def test_a_record_whose_answer_was_lost_is_written_once(trail: S3AuditTrail) -> None:
    """botocore tries again with the same key, which S3 then refuses."""
    with Stubber(trail.client) as s3:
        s3.add_client_error("put_object", "PreconditionFailed", http_status_code=412)
        trail.record(RECORD)
    with Stubber(trail.client) as s3:  # the first try is still under way
        s3.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)
        s3.add_client_error("put_object", "PreconditionFailed", http_status_code=412)
        trail.record(RECORD)
    with Stubber(trail.client) as s3:
        s3.add_client_error("put_object", "AccessDenied", http_status_code=403)
        with pytest.raises(trail.client.exceptions.ClientError):
            trail.record(RECORD)
    with Stubber(trail.client) as s3:
        sent = {"Bucket": ANY, "Key": ANY, "Body": ANY, "ContentType": ANY, "IfNoneMatch": "*"}
        s3.add_response("put_object", {}, sent)
        trail.record(RECORD)


def test_each_turn_of_the_switch_is_recorded_and_the_last_is_kept(
    moto_backend: AwsBackend, trail: S3AuditTrail
) -> None:
    table = moto_backend.tables.load_status
    for off, reason in ((True, "the gateway changes"), (False, "it has changed")):
        turn(moto_backend.clients.dynamodb, table, SRI, trail, off=off, reason=reason)
    found = sorted(stored(trail).values(), key=lambda values: values["at"])
    assert [(one["operator"], one["target"], one["reason"]) for one in found] == [
        ("sri.wahyuni", "buying off", "the gateway changes"),
        ("sri.wahyuni", "buying on", "it has changed"),
    ]


def test_who_runs_a_command_is_their_identity_at_aws() -> None:
    class Sts:
        def get_caller_identity(self) -> dict[str, str]:
            arn = "arn:aws:sts::123456789012:assumed-role/operators/sri@meterai.example"
            return {"UserId": "AROAEXAMPLE:sri@meterai.example", "Arn": arn}

    who = caller(Sts())
    assert who.operator_id == "AROAEXAMPLE:sri@meterai.example"
    assert who.name.endswith("operators/sri@meterai.example")


def test_records_of_a_day_are_listed_in_their_order(trail: S3AuditTrail) -> None:
    for minutes in (2, 1):
        at = NOW + timedelta(minutes=minutes)
        trail.record(AuditRecord(SRI, OperatorAction.SET_DEADLINE, str(minutes), "a test", at))
    assert [values["target"] for values in stored(trail).values()] == ["1", "2"]
