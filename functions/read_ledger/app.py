"""GET /v1/ledger: the account's ledger, recomputed from the facts. An operator reads any, at
GET /v1/operator/ledger, and says why."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from meterai.api import LedgerAnswer
from meterai.api.operators import REASON
from meterai.container import container
from meterai.entrypoints.http import Account, HttpApi, OperatorSignedIn
from meterai.entrypoints.responses import problems
from meterai.steps.read_ledger import read_any_ledger as any_ledger
from meterai.steps.read_ledger import read_ledger as own_ledger

app = HttpApi()


@app.get(
    "/v1/ledger",
    summary="Read the ledger",
    tags=["ledger"],
    responses=problems("unavailable"),
)
def read_ledger(account: Account) -> LedgerAnswer:
    """The account's ledger, recomputed from the facts."""
    ledger = own_ledger(account, container)
    return LedgerAnswer(ledger=ledger, balanced=not ledger.differences)


@app.get(
    "/v1/operator/ledger",
    summary="Read any account's ledger",
    tags=["operators"],
    responses=problems("unavailable", "invalid_request"),
)
def read_any_ledger(
    operator: OperatorSignedIn,
    account: Annotated[str, Query(max_length=128, description="Whose; in no path, so in no log")],
    reason: Annotated[str, Query(**REASON)],
) -> LedgerAnswer:
    """Any account's ledger. Who asked, and why, is recorded first."""
    ledger = any_ledger(account, operator, reason, container, container.now)
    return LedgerAnswer(ledger=ledger, balanced=not ledger.differences)


handler = app.handler
