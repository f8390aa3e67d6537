"""GET /v1/books: the account's books, recomputed from the facts; an operator may ask for any."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from meterai.api import BooksAnswer
from meterai.domain.errors import NotFound
from meterai.entry.http import Account, HttpApi, Scopes
from meterai.services import office
from meterai.steps.read_books import read_books

app = HttpApi()


@app.get("/v1/books", summary="Read the books", tags=["books"])
def handle(
    account: Account,
    scopes: Scopes,
    of: Annotated[str | None, Query(max_length=128, description="Another account")] = None,
) -> BooksAnswer:
    if of not in (None, account) and "meterai/operator" not in scopes:
        raise NotFound
    books = read_books(
        of or account,
        orders=office.orders,
        payments=office.payments,
        stock=office.serials,
        refunds=office.refunds,
        identities=office.identities,
    )
    return BooksAnswer(books=books, balanced=not books.differences)


handler = app.handler
