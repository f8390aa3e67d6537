"""GET /v1/ledger: the account's ledger, recomputed from the facts; an operator may read any."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from meterai.api import LedgerAnswer
from meterai.container import container
from meterai.entrypoints.http import Account, HttpApi, Scopes
from meterai.entrypoints.responses import problems
from meterai.steps.read_ledger import read_ledger

app = HttpApi()


@app.get(
    "/v1/ledger",
    summary="Read the ledger",
    tags=["ledger"],
    responses=problems("unavailable", "not_found", "invalid_request"),
)
def handle(
    account: Account,
    scopes: Scopes,
    of: Annotated[str | None, Query(max_length=128, description="Another account")] = None,
) -> LedgerAnswer:
    ledger = read_ledger(account, container, of=of, scopes=scopes)
    return LedgerAnswer(ledger=ledger, balanced=not ledger.differences)


handler = app.handler
