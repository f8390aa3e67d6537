"""Least privilege: each role is compared with what its function's code needs."""

import json
import re

import pytest

from meterai import container
from meterai.aws import clients
from meterai.aws.load import load_metrics
from meterai.gateways.keys import KEY_NAMES
from meterai.settings import settings
from tests.architecture.function_ports import ports_of_function
from tests.integration.template.declared import (
    GATEWAY_SECRET,
    TEMPLATE,
    TRACES,
    Function,
    functions,
    of_type,
    text,
)
from tests.integration.template.test_inspect import ATTACHES

FUNCTIONS = functions()

every_function = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)

# The tables that a port may touch. Voiding frees an order's slots and may write a refund. A
# returned payment is written with its refund. A refund takes an order's slots.
TABLES = {
    "orders": {"OrdersTable"},
    "order_timers": {"OrdersTable"},
    "payments": {"PaymentsTable", "RefundsTable"},
    "serials": {"SerialsTable", "OrdersTable", "RefundsTable"},
    "serial_timers": {"SerialsTable"},
    "refunds": {"RefundsTable", "OrdersTable"},
    "refund_timers": {"RefundsTable"},
    "waiting_room": {"WaitingRoomTable"},
    "portal_deadlines": {"PortalsTable"},
    "drafts": {"DraftsTable"},
    "notifications": {"NotificationsTable"},
    "snapshot": {"LoadStatusTable"},
    "load_metrics": {"LoadStatusTable"},
    "demand_reporter": {"LoadStatusTable"},
    "bulk_reporter": {"LoadStatusTable"},
    "leases": {"LoadStatusTable"},
    "buying_switch": {"LoadStatusTable"},
}
# Documents are stored under their account's pseudonym, which is also the group of its messages.
IDENTITY = {"id_deriver", "documents", "repairer", "waiting_room", "drafts"}
# They put notifications into their queue, and do not ask who wants them.
ONLY_TELL = {"confirm_payment", "stamp", "execute_refund", "sweep"}
# Tickets and the links to a refund are signed.
TOKENS = {"token_signer", "token_keys", "follow_url"}
GATEWAY = {"gateway", "gateways", "payouts", "records", "webhook_verifiers", "webhook_parsers"}
# A webhook names no account yet. Bulk keeps its messages' groups. The snapshot only reads lengths.
KNOW_NO_ACCOUNT = {"receive_webhook", "release_bulk", "publish_load_snapshot"}
# The day's files, by the port that needs them.
DAY_FILES = {
    "records": "gateway-records/*",
    "day_reports": "reports/*",
    "public_days": "performance/*",
}
SIGNS_RECEIPTS = {"receipt_signer", "report_signer"}
READS_CERTIFICATES = {"signing_certificates"}
OPENS_PDF = {"inspector", "stamper", "augmenter"}
READS_MANIFEST = {"stamper", "augmenter", "stamp_reader", "signing_certificates"}
ASKS_INSPECT = {"preflight", "previewer", "place_suggester", "repairer", "stamp_reader"}


def ports(function: Function) -> frozenset[str]:
    """What the function may use of the container."""
    return ports_of_function(function.folder)


@every_function
def test_a_role_allows_named_actions_on_named_resources(function: Function) -> None:
    for right in function.rights:
        if right.resources == ("*",):  # Lambda's own work: test_inspect.py, and traces below
            assert function.folder == "inspect" or right.actions == TRACES
            continue
        assert right.effect == "Allow"
        assert [action for action in right.actions if "*" in action] == []
        for resource in right.resources:
            # Below a bucket's prefix the keys are not known; every other resource has one ARN.
            assert re.fullmatch(
                r"\w+\.Arn(/index/\w+)?|DocumentsBucket\.Arn"
                r"/(incoming|documents|repaired|stamped|preserved|signing|gateway-records|reports|performance|receipt-keys|audit)/\*"
                rf"|(Identity|ReceiptKeys|Token)Secret|SesIdentityArn|{re.escape(GATEWAY_SECRET)}",
                resource,
            ), resource


def test_no_role_has_more_than_its_inline_policy() -> None:
    """Besides that of AWS Backup: test_backup.py."""
    roles = {one: role for one, role in of_type("AWS::IAM::Role").items() if one != "BackupRole"}
    assert {f"{text(f.properties['Role'])}" for f in FUNCTIONS.values()} == {
        f"{name}.Arn" for name in roles
    }
    for role in roles.values():
        assert set(role.properties) == {"AssumeRolePolicyDocument", "Policies"}
    shared = {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"}
    assert [kind for kind in shared if of_type(kind)] == []


@every_function
def test_a_function_writes_to_its_own_log_only(function: Function) -> None:
    name = function.logical_id.removesuffix("Function")
    assert function.may("logs:PutLogEvents") == [f"{name}Logs.Arn"]
    assert function.may("logs:CreateLogStream") == [f"{name}Logs.Arn"]


@every_function
def test_every_function_but_inspect_is_traced_and_may_say_so(function: Function) -> None:
    """`inspect` has no right at all: what took it over could write traces of others."""
    is_traced = function.folder != "inspect"
    assert function.properties["Tracing"] == ("Active" if is_traced else "PassThrough")
    assert [function.may(action) for action in TRACES] == [["*"] if is_traced else []] * 2


@every_function
def test_a_function_reads_the_secrets_its_code_needs_and_no_other(function: Function) -> None:
    used = ports(function)
    groups_by_account = "lanes" in used and function.folder not in KNOW_NO_ACCOUNT
    needed = {"IdentitySecret"} if used & IDENTITY or groups_by_account else set()
    needed |= {"TokenSecret"} if used & TOKENS else set()
    needed |= {GATEWAY_SECRET} if used & GATEWAY else set()
    # To verify receipts, the published keys are enough.
    needed |= {"ReceiptKeysSecret"} if used & SIGNS_RECEIPTS else set()
    assert set(function.may("secretsmanager:GetSecretValue")) == needed


@pytest.mark.parametrize("gateway", ["midtrans", "xendit"])
@every_function
def test_the_parts_that_its_code_uses_are_made_with_the_secrets_it_may_read(
    function: Function, gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The log is made on its first import, and keeps the level that it finds then.
    for name in TEMPLATE.globals["Function"]["Environment"]["Variables"].keys() - {"LOG_LEVEL"}:
        monkeypatch.setenv(
            name, "20000" if name.endswith(("_S", "_IDR", "_BYTES", "_DAYS")) else name
        )
    monkeypatch.setenv("SIGNATURE_LEVEL", "B-LT")
    monkeypatch.setenv("STAMPED_FILES_LOCK_MODE", "GOVERNANCE")
    monkeypatch.setenv("GATEWAY", gateway)
    monkeypatch.setenv("PREVIOUS_GATEWAY", "xendit" if gateway == "midtrans" else "midtrans")
    # Neither settings nor clients may be cached beyond this test.
    monkeypatch.setattr(container, "settings", settings.__wrapped__)
    for service in ("dynamodb", "kms", "lambda_", "s3", "secrets_manager", "sqs"):
        monkeypatch.setattr(clients, service, lambda: None)
    monkeypatch.setattr(load_metrics.DynamoLoadMetrics, "snapshot", lambda _: None)
    read: set[str] = set()

    def record(_: container.Container, arn: str) -> str:
        read.add({"IDENTITY_SECRET_ARN": "IdentitySecret"}.get(arn, GATEWAY_SECRET))
        return json.dumps(dict.fromkeys(KEY_NAMES, "key"))

    monkeypatch.setattr(container.Container, "_secret", record)
    made = container.Container()
    for port in ports(function):
        getattr(made, port)
    assert read <= set(function.may("secretsmanager:GetSecretValue"))


@every_function
def test_a_function_reaches_the_tables_its_code_needs_and_no_other(function: Function) -> None:
    used = ports(function) & TABLES.keys()
    used -= {"notifications"} if function.folder in ONLY_TELL else set()
    granted = {
        resource.split(".")[0]
        for right in function.rights
        if right.actions[0].startswith("dynamodb:")
        for resource in right.resources
    }
    own = {table for port in used for table in TABLES[port] if table == named_table(port)}
    reachable = {table for port in used for table in TABLES[port]}
    assert own <= granted <= reachable


def named_table(port: str) -> str:
    return f"{port.removesuffix('_timers').removesuffix('s').capitalize()}sTable"


@every_function
def test_a_function_sends_only_if_its_code_has_the_lanes(function: Function) -> None:
    sends = "lanes" in ports(function) and function.folder != "publish_load_snapshot"
    sends |= function.folder in ONLY_TELL
    assert bool(function.may("sqs:SendMessage")) == sends


@every_function
def test_a_function_reads_documents_only_if_its_code_has_them(function: Function) -> None:
    reached = {
        resource
        for action in ("s3:GetObject", "s3:PutObject")
        for resource in function.may(action)
        if not resource.endswith(("/signing/*", "/receipt-keys/*", "/repaired/*", "/audit/*"))
    }
    of_days = {
        f"DocumentsBucket.Arn/{prefix}"
        for port, prefix in DAY_FILES.items()
        if port in ports(function)
    }
    assert of_days <= reached
    assert bool(reached - of_days) == ("documents" in ports(function))


@every_function
def test_a_function_reads_the_signing_manifest_only_if_its_code_does(function: Function) -> None:
    reads = "DocumentsBucket.Arn/signing/*" in function.may("s3:GetObject")
    assert reads == bool(ports(function) & READS_MANIFEST)


@every_function
def test_files_that_may_be_missing_answer_404(function: Function) -> None:
    """Without s3:ListBucket S3 answers 403 for a missing object, which looks like a mistake in
    the role. Some functions read only files that exist: through a presigned GET, or after the
    item, or S3 itself, has said so."""
    listed = {
        prefix
        for right in function.rights
        if right.actions == ("s3:ListBucket",)
        for prefix in [right.condition["StringLike"]["s3:prefix"]]
    }
    read = {
        resource.removeprefix("DocumentsBucket.Arn/") for resource in function.may("s3:GetObject")
    }
    is_there = function.folder in {"read_stamping", "augment"}
    # Only the snapshot asks whether a certificate is installed at all; the others wait for one.
    known = {"repaired/*"} | (
        set() if function.folder == "publish_load_snapshot" else {"signing/*"}
    )
    # An item says whether there is an augmented file; a stamped one may be there before it.
    known |= {"preserved/*"} if function.folder == "pages" else set()
    assert listed == (set() if is_there else read - known)


@every_function
def test_only_functions_that_open_pdfs_or_sign_have_the_document_libraries(
    function: Function,
) -> None:
    needing = OPENS_PDF | SIGNS_RECEIPTS | READS_CERTIFICATES
    assert ("DocumentLibrariesLayer" in function.layers) == bool(ports(function) & needing)


@every_function
def test_a_function_asks_inspect_only_if_its_code_does(function: Function) -> None:
    asked = ["InspectFunction.Arn"] if ports(function) & ASKS_INSPECT else []
    assert function.may("lambda:InvokeFunction") == asked


def test_only_stamping_and_its_preview_have_the_artwork() -> None:
    drawing = {f.folder for f in FUNCTIONS.values() if any("Artwork" in x for x in f.layers)}
    assert drawing == {"stamp", "inspect"}
    for function in drawing:
        assert FUNCTIONS[function].layers == [
            "MeteraiLayer",
            "DocumentLibrariesLayer",
            "ArtworkLayer|ArtworkLayerArn",
        ]


def test_each_kind_of_file_has_its_writers() -> None:
    writers = {f.folder: f.may("s3:PutObject") for f in FUNCTIONS.values() if f.may("s3:PutObject")}
    assert writers == {
        "create_upload": ["DocumentsBucket.Arn/documents/*"],
        "pages": ["DocumentsBucket.Arn/incoming/*", "DocumentsBucket.Arn/documents/*"],
        "stamp": ["DocumentsBucket.Arn/stamped/*", "DocumentsBucket.Arn/repaired/*"],
        "augment": ["DocumentsBucket.Arn/preserved/*"],
        "reconcile": ["DocumentsBucket.Arn/reports/*", "DocumentsBucket.Arn/performance/*"],
        "renew_receipt_key": ["DocumentsBucket.Arn/receipt-keys/*"],
        "read_ledger": ["DocumentsBucket.Arn/audit/*"],
        "set_portal_deadline": ["DocumentsBucket.Arn/audit/*"],
    }


@every_function
def test_a_function_writes_the_audit_trail_only_if_its_code_does(function: Function) -> None:
    writes = "DocumentsBucket.Arn/audit/*" in function.may("s3:PutObject")
    assert writes == ("audit_trail" in ports(function))


def test_no_function_deletes_scans_or_lists() -> None:
    """A bucket's prefix may be listed only for the 404s of what is read (above). No function
    really lists it (`tests/e2e/test_no_scans.py`)."""
    actions = {a for f in FUNCTIONS.values() for right in f.rights for a in right.actions}
    actions -= set(ATTACHES)  # denied to the function's own code
    wide = re.compile("Delete|Scan|PartiQL|List|Search|Describe|Export")
    assert {a for a in actions if wide.search(a)} == {
        "sqs:DeleteMessage",
        "s3:ListBucket",
        "dynamodb:DeleteItem",
    }
    assert _who_may("dynamodb:DeleteItem") == {"pages": ["NotificationsTable.Arn"]}  # a consent


def test_these_functions_may_query_and_none_on_the_path_of_a_stamp() -> None:
    """By the key of an order or an account, or by one of an index's shards and a time, as
    `tests/e2e/test_no_scans.py` checks."""
    assert _who_may("dynamodb:Query") == {
        "read_ledger": ["OrdersTable.Arn/index/by_account", "PaymentsTable.Arn"],
        "read_history": ["OrdersTable.Arn/index/by_account"],
        "pages": ["DraftsTable.Arn", "OrdersTable.Arn/index/by_account"],
        "purchase": ["OrdersTable.Arn/index/by_account"],
        "reconcile": ["PaymentsTable.Arn", "PaymentsTable.Arn/index/by_day"],
        "sweep": [
            "OrdersTable.Arn/index/by_next_check",
            "RefundsTable.Arn/index/by_next_check",
            "SerialsTable.Arn/index/by_next_check",
        ],
        "operator_pages": ["LoadStatusTable.Arn"],
        "publish_load_snapshot": ["LoadStatusTable.Arn", "WaitingRoomTable.Arn/index/by_issue"],
    }


def test_only_schedules_read_the_length_of_a_queue() -> None:
    """Besides Lambda's own pollers, which use the role of their function."""
    polled = {
        f.folder: sorted(text(event["Queue"]) for event in f.events("SQS"))
        for f in FUNCTIONS.values()
        if f.events("SQS")
    }
    may = _who_may("sqs:GetQueueAttributes")
    assert may.items() >= polled.items()
    assert may.keys() - polled.keys() == {"sweep", "publish_load_snapshot"}


def _who_may(action: str) -> dict[str, list[str]]:
    """The resources, by function."""
    return {f.folder: sorted(f.may(action)) for f in FUNCTIONS.values() if f.may(action)}
