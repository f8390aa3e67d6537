"""GET /v1/ledger: the account's books, recomputed from the facts; an operator may ask for any."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from meterai.api import LedgerAnswer
from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.entrypoints.http import Account, HttpApi, Scopes
from meterai.steps.read_ledger import read_ledger

app = HttpApi()


@app.get("/v1/ledger", summary="Read the books", tags=["books"])
def handle(
    account: Account,
    scopes: Scopes,
    of: Annotated[str | None, Query(max_length=128, description="Another account")] = None,
) -> LedgerAnswer:
    if of not in (None, account) and "meterai/operator" not in scopes:
        raise NotFound
    ledger = read_ledger(
        of or account,
        orders=container.orders,
        payments=container.payments,
        store=container.serials,
        refunds=container.refunds,
        id_deriver=container.id_deriver,
    )
    return LedgerAnswer(ledger=ledger, balanced=not ledger.differences)


handler = app.handler
