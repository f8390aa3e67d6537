"""What the runbook says of the template's functions."""

import re

from tests.integration.template.declared import ROOT, functions

RUNBOOK = (ROOT / "functions/RUNBOOK.md").read_text(encoding="utf-8")
RESTORED = {"OrdersTable.Arn", "PaymentsTable.Arn", "SerialsTable.Arn", "RefundsTable.Arn"}
WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")


def test_nothing_writes_to_the_tables_while_they_are_restored() -> None:
    """Lanes are stopped by parameters; whatever else may write, by name."""
    [stopped] = re.findall(r"for F in ([\w ]+); do", RUNBOOK)
    writers = {
        function.logical_id.removesuffix("Function")
        for function in functions().values()
        if not function.events("SQS")
        and any(RESTORED & set(function.may(action)) for action in WRITES)
    }
    assert writers <= set(stopped.split())
