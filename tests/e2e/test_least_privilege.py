"""Least privilege, proved: what the functions asked of AWS in this folder, against their roles.

Judged last. That nothing is missing holds for whatever was run. What was not used is written to
`out/rights.json`, by name: it means something only when the whole folder was run.
"""

import json

from tests.integration.template.declared import ROOT, functions
from tests.local.neighbourhood import Neighbourhood
from tests.local.used_rights import Right

TABLES = ("OrdersTable", "PaymentsTable", "SerialsTable", "RefundsTable")
QUEUES = ("PaymentsQueue", "StampingQueue", "RefundsQueue", "PreservationQueue")
SECRETS = ("IdentitySecret", "GatewaySecret")
KEYS = {
    ("StampFunction", "kms:Sign"),
    ("ClaimRefundFunction", "kms:Encrypt"),
    ("ExecuteRefundFunction", "kms:Decrypt"),
}
ANOTHER_STACK = "meterai-long-lived"  # test_long_life's, at the same moto
KEPT = ROOT / "out" / "rights.json"

# Rights that no request here shows, each with what needs it.
UNSEEN = {
    "logs:CreateLogStream": "Lambda writes the log, in the function's name",
    "logs:PutLogEvents": "Lambda writes the log, in the function's name",
    "sqs:ReceiveMessage": "Lambda polls the queue, in the function's name",
    "sqs:DeleteMessage": "Lambda polls the queue, in the function's name",
    "sqs:GetQueueAttributes": "Lambda polls the queue, in the function's name",
    "s3:ListBucket": "no request needs it: with it, S3 answers 404 for what is missing, not 403",
}


def granted() -> frozenset[Right]:
    return frozenset(
        Right(function.logical_id, action, resource)
        for function in functions().values()
        for right in function.rights
        for action in right.actions
        for resource in right.resources
    )


def used(place: Neighbourhood) -> frozenset[Right]:
    """By logical names, of the functions alone."""
    names = {place.account.physical(table): f"{table}.Arn" for table in TABLES}
    names |= {place.account.physical(queue): f"{queue}.Arn" for queue in QUEUES}
    names |= {place.account.physical(secret): secret for secret in SECRETS}
    names[place.account.physical("DocumentsBucket")] = "DocumentsBucket.Arn"
    return frozenset(
        Right(one.who, one.action, _logical(one.resource, names))
        for one in place.account.used_rights()
        if one.who.endswith("Function") and ANOTHER_STACK not in one.resource
    )


def _logical(resource: str, names: dict[str, str]) -> str:
    if resource in names:
        return names[resource]
    physical, slash, below = resource.partition("/")
    if slash and not below.startswith("index/"):
        below = below.partition("/")[0] + "/*"
    return f"{names.get(physical, physical)}{slash}{below}"


def test_no_function_needs_a_right_that_its_role_lacks(place: Neighbourhood) -> None:
    """Keys are used by their own policies: each by one function for one thing."""
    needed = used(place)
    signs = {(one.who, one.action) for one in needed if one.action.startswith("kms:")}
    assert signs <= KEYS
    unused = sorted(one for one in granted() - needed if one.action not in UNSEEN)
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps({"used": sorted(needed), "unused": unused}, indent=1) + "\n")
    assert {one for one in needed if not one.action.startswith("kms:")} - granted() == set()
