"""The restore drill: what it proves, what it finds wrong, and that it leaves nothing behind."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from meterai.aws import clients
from meterai.domain.orders.orders import Order
from meterai_cli.__main__ import main
from meterai_cli.drill import KEYS, Account, CannotRestore, drill
from tests.contract.backends import AwsBackend
from tests.contract.endpoints import REGION
from tests.contract.factories import NOW, a_payment, a_refund, a_stamping, an_order
from tests.contract.tables import declared

FILE = b"%PDF-1.7 a stamped file"
PORTAL = "sscasn"
READS = {"DescribeTable", "DescribeContinuousBackups", "DescribeTimeToLive", "ListTagsOfResource"}


class World:
    """A stack's tables and bucket, with something of every kind in them."""

    def __init__(self, backend: AwsBackend) -> None:
        self.backend, self.said = backend, list[str]()
        self.client = backend.clients.dynamodb
        tables = backend.tables
        self.names = {
            "OrdersTable": tables.orders,
            "PaymentsTable": tables.payments,
            "SerialsTable": tables.serials,
            "RefundsTable": tables.refunds,
            "PortalsTable": tables.portals,
            "DocumentsBucket": backend.documents.bucket,
        }
        for logical_id in KEYS:
            self.client.update_continuous_backups(
                TableName=self.names[logical_id],
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )
        self.pending = backend.orders.put_new(an_order("pending"))
        self.paid = self._paid()
        (self.stamped,) = self._reserve(0, "stamped", portal=PORTAL)
        output = backend.documents.put_stamped([self.stamped], FILE)
        assert backend.serials.finish([self.stamped], output, NOW)
        (self.reserved,) = self._reserve(1, "reserved")
        self.refund = a_refund(self._now(), [2], payment_id=self.payment.payment_id)
        assert backend.refunds.request(self._now(), self.refund) == self.refund

    def drill(self, **options: Any) -> bool:
        chosen = {"at": None, "sample": 50, "keep": False, **options}
        account = Account(self.names, self.client, self.backend.clients.s3, b"secret", poll_s=0.01)
        return drill(account, self.said.append, **chosen)

    def tables(self) -> set[str]:
        found = self.client.get_paginator("list_tables").paginate()
        prefix = self.backend.prefix
        return {one for page in found for one in page["TableNames"] if one.startswith(prefix)}

    def _paid(self) -> Order:
        order = self.backend.orders.put_new(an_order("paid"))
        self.payment = a_payment(order)
        self.backend.payments.put(self.payment)
        paid = self.backend.orders.mark_paid(order, self.payment)
        assert paid is not None
        return paid

    def _now(self) -> Order:
        order = self.backend.orders.get(self.paid.order_id)
        assert order is not None
        return order

    def _reserve(self, slot: int, name: str, **changes: Any) -> Any:
        stamping = a_stamping(self._now(), slot, name=name, **changes)
        reserved = self.backend.serials.reserve(self._now(), stamping)
        assert getattr(reserved, "emeterai", None) == stamping
        return stamping


@pytest.fixture(params=["moto", "ministack"])
def world(request: pytest.FixtureRequest) -> World:
    return World(request.getfixturevalue(f"{request.param}_backend"))


@pytest.fixture
def moto_world(moto_backend: AwsBackend) -> World:
    return World(moto_backend)


def test_a_drill_restores_counts_proves_and_leaves_nothing(world: World) -> None:
    before = world.tables()
    assert world.drill(), world.said
    assert world.tables() == before
    counted = {line.split()[0]: line.split()[1] for line in world.said if line.endswith(" items")}
    assert counted == {
        "OrdersTable": "2",
        "PaymentsTable": "1",
        "SerialsTable": "2",
        "RefundsTable": "1",
        "PortalsTable": "0",
    }
    assert "looked at 2 orders, 1 payments, 2 e-meterai with 1 files, 1 refunds" in world.said
    assert len([line for line in world.said if " s  " in line]) == len(KEYS), "how long each took"


def test_a_live_table_is_described_and_nothing_else(moto_world: World) -> None:
    calls = set[tuple[str, str]]()

    def record(params: Any, model: Any, **_: Any) -> None:
        calls.add((model.name, str(params.get("TableName", params.get("TargetTableName", "")))))

    events = moto_world.client.meta.events
    events.register("before-parameter-build.dynamodb", record)
    try:
        moto_world.drill()
    finally:
        events.unregister("before-parameter-build.dynamodb", record)
    live = {moto_world.names[logical_id] for logical_id in KEYS}
    assert {operation for operation, table in calls if table in live} <= READS
    written = {table for operation, table in calls if operation.startswith(("Delete", "Restore"))}
    assert len(written) == len(KEYS)
    assert all("-drill-" in table for table in written)


def loses_the_file(world: World) -> str:
    key = f"stamped/{PORTAL}/{world.stamped.serial}.pdf"
    world.backend.clients.s3.delete_object(Bucket=world.names["DocumentsBucket"], Key=key)
    return "document_missing"


def gets_another_file(world: World) -> str:
    key = f"stamped/{PORTAL}/{world.stamped.serial}.pdf"
    s3, bucket = world.backend.clients.s3, world.names["DocumentsBucket"]
    s3.put_object(Bucket=bucket, Key=key, Body=b"%PDF-1.7 another")
    return "document_hash_mismatch"


def loses_the_order(world: World) -> str:
    world.client.delete_item(
        TableName=world.names["OrdersTable"], Key={"order_id": {"S": world.paid.order_id}}
    )
    return f"order {world.paid.order_id} does not list it"


def loses_the_payment(world: World) -> str:
    world.client.delete_item(
        TableName=world.names["PaymentsTable"],
        Key={"order_id": {"S": world.paid.order_id}, "payment_id": {"S": world.payment.payment_id}},
    )
    return f"refund {world.refund.refund_id}: no payment"


def loses_a_timer(world: World) -> str:
    world.client.update_item(
        TableName=world.names["SerialsTable"],
        Key={"serial": {"S": world.reserved.serial}},
        UpdateExpression="REMOVE timer_shard, next_check_at, deadline_at",
    )
    return f"{world.reserved.serial}: it is unfinished and has no timer"


def leaves_the_index_of_timers(world: World) -> str:
    world.client.update_item(
        TableName=world.names["OrdersTable"],
        Key={"order_id": {"S": world.pending.order_id}},
        UpdateExpression="REMOVE timer_shard",
    )
    return f"{world.pending.order_id}: it is unfinished and not in the index of timers"


def leaves_its_day(world: World) -> str:
    world.client.update_item(
        TableName=world.names["PaymentsTable"],
        Key={"order_id": {"S": world.paid.order_id}, "payment_id": {"S": world.payment.payment_id}},
        UpdateExpression="REMOVE day_shard",
    )
    return f"payment {world.payment.payment_id}: not in its day's index"


def has_a_slot_too_many(world: World) -> str:
    world.client.update_item(
        TableName=world.names["OrdersTable"],
        Key={"order_id": {"S": world.paid.order_id}},
        UpdateExpression="SET quantity = :less",
        ExpressionAttributeValues={":less": {"N": "2"}},
    )
    return f"order {world.paid.order_id}: slots_do_not_add_up"


@pytest.mark.parametrize(
    "damages",
    [
        [loses_the_file, loses_a_timer, leaves_the_index_of_timers, leaves_its_day],
        [gets_another_file, has_a_slot_too_many],
        [loses_the_payment],
        [loses_the_order],
    ],
    ids=lambda damages: damages[0].__name__,
)
def test_what_does_not_fit_is_told(
    moto_world: World, damages: list[Callable[[World], str]]
) -> None:
    expected = [damage(moto_world) for damage in damages]
    assert not moto_world.drill()
    wrong = [line for line in moto_world.said if line.startswith("WRONG: ")]
    assert [says for says in expected if not any(says in line for line in wrong)] == [], wrong


def test_what_a_restored_table_has_to_be_given_is_told(moto_world: World) -> None:
    client, table = moto_world.client, moto_world.names["OrdersTable"]
    client.update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
    )
    arn = client.describe_table(TableName=table)["Table"]["TableArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "system", "Value": "meterai"}])
    client.update_table(TableName=table, DeletionProtectionEnabled=True)
    assert moto_world.drill(keep=True)
    commands = [line.split()[3] for line in moto_world.said if line.startswith("  aws dynamodb")]
    restored = next(t for t in moto_world.tables() if t.startswith(f"{table}-drill-"))
    told = "\n".join(line for line in moto_world.said if restored in line)
    for part in (
        "PointInTimeRecoveryEnabled=true",
        "--deletion-protection-enabled",
        "Enabled=true,AttributeName=expires_at",
        '--tags \'[{"Key": "system", "Value": "meterai"}]\'',
    ):
        assert part in told
    assert commands, moto_world.said


def test_tables_that_are_kept_are_named_with_how_to_remove_them(moto_world: World) -> None:
    before = moto_world.tables()
    assert moto_world.drill(keep=True)
    left = moto_world.tables() - before
    assert len(left) == len(KEYS)
    for table in left:
        assert f"  aws dynamodb delete-table --table-name {table}" in moto_world.said


def test_tables_that_cannot_be_removed_are_named(
    moto_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_reached(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    before = moto_world.tables()
    monkeypatch.setattr(moto_world.client, "delete_table", not_reached)
    assert moto_world.drill()
    left = moto_world.tables() - before
    assert len(left) == len(KEYS)
    for table in left:
        assert f"  aws dynamodb delete-table --table-name {table}" in moto_world.said


@pytest.mark.parametrize("at", [NOW - timedelta(days=40), datetime.now(UTC) + timedelta(days=1)])
def test_a_moment_that_is_out_of_reach_restores_nothing(moto_world: World, at: datetime) -> None:
    before = moto_world.tables()
    with pytest.raises(CannotRestore, match="choose a moment"):
        moto_world.drill(at=at)
    assert moto_world.tables() == before


def test_a_table_without_recovery_is_named(moto_world: World) -> None:
    moto_world.client.update_continuous_backups(
        TableName=moto_world.names["RefundsTable"],
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
    )
    with pytest.raises(CannotRestore, match="RefundsTable has no point-in-time recovery"):
        moto_world.drill()


def test_a_drill_that_is_refused_in_the_middle_removes_what_it_began(moto_world: World) -> None:
    assert moto_world.drill(keep=True)
    kept = moto_world.tables()
    last = next(t for t in kept if t.startswith(f"{moto_world.names['PortalsTable']}-drill-"))
    for table in kept - {last}:
        if "-drill-" in table:
            moto_world.client.delete_table(TableName=table)
    before = moto_world.tables()
    with pytest.raises(CannotRestore, match="PortalsTable"):
        moto_world.drill()
    assert moto_world.tables() == before


def test_the_command_finds_the_tables_by_the_name_of_the_stack(
    moto_backend: AwsBackend,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    for make in (clients.dynamodb, clients.s3, clients.secrets_manager):
        make.cache_clear()
    resources: dict[str, Any] = {
        logical_id: {"Type": "AWS::DynamoDB::Table", "Properties": declared()[logical_id]}
        for logical_id in KEYS
    }
    resources["DocumentsBucket"] = {"Type": "AWS::S3::Bucket"}
    # moto's CloudFormation makes no secrets: a bucket lends the secret its name.
    name = f"{moto_backend.prefix}id-secret"
    resources["IdentitySecret"] = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}
    secrets = boto3.client("secretsmanager", region_name=REGION)
    secrets.create_secret(Name=name, SecretString="the secret")
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    cloudformation.create_stack(StackName="drilled", TemplateBody=json.dumps(template))
    found = cloudformation.list_stack_resources(StackName="drilled")["StackResourceSummaries"]
    for one in found:
        if one["ResourceType"] == "AWS::DynamoDB::Table":  # moto's CloudFormation leaves it out
            moto_backend.clients.dynamodb.update_continuous_backups(
                TableName=one["PhysicalResourceId"],
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )
    assert main(["drill", "--stack", "drilled"]) == 0
    assert "everything that was looked at is as it should be" in capsys.readouterr().out
    assert main(["drill", "--stack", "drilled", "--at", "2020-01-01T00:00:00Z"]) == 2
    with pytest.raises(SystemExit):
        main(["drill", "--stack", "drilled", "--at", "2020-01-01T00:00:00"])
