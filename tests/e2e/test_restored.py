"""The tables are restored to a moment before: no rupiah and no e-meterai is lost or doubled.

As functions/RUNBOOK.md, "Restoring the tables", says: under the names that they had, from a backup.
What happened since is at the gateway and in the bucket.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from meterai_cli.reclaim import Restored, reclaim
from meterai_cli.reclaim_refunds import Books, gateways_of, reclaim_refunds
from tests.applicant.client import Json, ProblemError, wait_until
from tests.e2e.customer import Customer, letter
from tests.e2e.passing_time import order_ages, sweep
from tests.local.environment import Environment
from tests.local.gateway import keys_of, parameters_of

TABLES = ("OrdersTable", "PaymentsTable", "SerialsTable", "RefundsTable")


def back_up(environment: Environment) -> dict[str, str]:
    """The ARN of each table's backup."""
    dynamodb = environment.account.client("dynamodb")
    return {
        name: dynamodb.create_backup(
            TableName=environment.account.physical(name), BackupName="before"
        )["BackupDetails"]["BackupArn"]
        for name in TABLES
    }


def restore(environment: Environment, backups: dict[str, str]) -> None:
    """As an operator does: the protection off, the table deleted, its name restored."""
    dynamodb = environment.account.client("dynamodb")
    for name, arn in backups.items():
        table = environment.account.physical(name)
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
        dynamodb.delete_table(TableName=table)
        dynamodb.restore_table_from_backup(TargetTableName=table, BackupArn=arn)


def reclaimed(environment: Environment, since: datetime, *, apply: bool = True) -> list[Any]:
    account = environment.account
    names = {name: account.physical(name) for name in (*TABLES, "DocumentsBucket")}
    tables = Restored.of(names, account.client("dynamodb"), account.client("s3"))
    return list(reclaim(tables, since, datetime.now(UTC), apply=apply))


def given_back(environment: Environment, order: Json) -> list[Any]:
    account = environment.account
    parameters = {"PreviousGateway": "", **parameters_of("midtrans", environment.gateway.url)}
    gateways = gateways_of(parameters, json.dumps(keys_of("midtrans")))
    names = {name: account.physical(name) for name in TABLES}
    books = Books.of(names, account.client("dynamodb"), gateways)
    return list(reclaim_refunds(order["order_id"], books, datetime.now(UTC), apply=True))


def versions(environment: Environment) -> set[tuple[str, str]]:
    """Of all stamped files: none is written a second time."""
    pages = environment.account.client("s3").get_paginator("list_object_versions")
    bucket = environment.account.physical("DocumentsBucket")
    return {
        (one["Key"], one["VersionId"])
        for page in pages.paginate(Bucket=bucket, Prefix="stamped/")
        for one in page.get("Versions", ())
    }


def money(environment: Environment, *orders: Json) -> list[tuple[str, int]]:
    """What the gateway took and gave back for these orders."""
    found = [environment.gateway.transaction(f"{order['order_id']}-1") for order in orders]
    return [(one.state, len(one.refunds)) for one in found if one is not None]


def told(stamping: Json) -> Json:
    """All but its address, which is signed anew each time, and the second in which it was stamped:
    S3 keeps the one in which the file was stored."""
    changing = {"download_url", "stamped_at"}
    return {name: value for name, value in stamping.items() if name not in changing}


def is_refused_for_want_of_slots(customer: Customer, order: Json) -> bool:
    with pytest.raises(ProblemError) as refusal:
        customer.request(order, allow_duplicate=True)
    return refusal.value.code == "no_balance"


def test_what_happened_since_the_restored_moment_is_neither_lost_nor_doubled(
    customer: Customer,
) -> None:
    environment, applicant = customer.environment, customer.applicant
    paid, refunded = customer.paid_order(2), customer.paid_order(2)
    customer.stamped(paid)
    unpaid = applicant.buy(1)
    asked = customer.request(unpaid)
    since = datetime.now(UTC).replace(microsecond=0)
    backups = back_up(environment)

    # Since then: one more stamp, a payment that stamps, a refund, and an order from start to end.
    body = customer.stamping_body(paid, document=applicant.upload(letter(2)))
    second = applicant.request_stamping(body, key="kunci-kedua")
    customer.pay(unpaid)
    refund = applicant.refund(refunded["order_id"], 1, key="kunci-kembali")
    late = applicant.buy(1, key="kunci-menyusul")
    customer.pay(late)
    customer.settle()
    customer.stamped(late)
    wait_until(lambda: applicant.refund_status(refund["refund_id"]), "confirmed")
    for stamping in (asked, second):
        assert applicant.stamping(stamping["stamping_id"])["state"] == "stamped"
    made = told(applicant.stamping(second["stamping_id"]))
    files, taken = versions(environment), money(environment, paid, refunded, unpaid, late)

    restore(environment, backups)
    assert customer.order(unpaid)["state"] == "pending"
    assert customer.order(paid)["available"] == 1, "its second slot looks free"

    # 1. What the bucket knows: the second stamp is on record again, before anybody may ask for one.
    would = reclaimed(environment, since, apply=False)
    found = reclaimed(environment, since)
    assert [one.key for one in would] == [one.key for one in found]
    again = {one.key.rpartition("/")[2]: one for one in found}
    assert not again[f"{second['stamping_id']}.pdf"].is_open
    assert told(applicant.stamping(second["stamping_id"])) == made
    assert applicant.request_stamping(body, key="kunci-kedua")["serials"] == second["serials"]
    assert is_refused_for_want_of_slots(customer, paid)
    # 2. What the gateway knows: the timers ask it.
    order_ages(environment, unpaid, timedelta(minutes=4))
    sweep(environment)
    assert customer.order(unpaid)["state"] == "paid"
    assert applicant.stamping(asked["stamping_id"])["state"] == "stamped"
    # 3. A refund takes its slot again, and is found at the gateway. Its client's retry is the same.
    assert customer.order(refunded)["available"] == 2, "what was given back looks free"
    [back] = given_back(environment, refunded)
    assert not back.is_open
    assert customer.order(refunded)["available"] == 1
    assert given_back(environment, refunded) == []
    same = applicant.refund(refunded["order_id"], 1, key="kunci-kembali")
    assert same["refund_id"] == refund["refund_id"]
    customer.settle()
    wait_until(lambda: applicant.refund_status(refund["refund_id"]), "confirmed")
    # 4. An order that the tables do not know is the same one, and its file takes its slot.
    assert applicant.buy(1, key="kunci-menyusul")["order_id"] == late["order_id"]
    order_ages(environment, late, timedelta(minutes=4))
    sweep(environment)
    assert customer.order(late)["state"] == "paid"
    assert [one for one in reclaimed(environment, since) if one.is_open] == []
    assert is_refused_for_want_of_slots(customer, late)

    assert versions(environment) == files, "nothing is stamped twice"
    assert money(environment, paid, refunded, unpaid, late) == taken, "no rupiah moved"
    assert reclaimed(environment, since) == []
    for order in (paid, refunded, unpaid, late):
        customer.balance(order)
