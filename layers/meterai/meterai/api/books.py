"""The account's books."""

from pydantic import Field

from meterai.api.forms import Answer
from meterai.domain.books import AccountBooks


class BooksAnswer(Answer):
    """The account's books, recomputed from the facts at this moment."""

    books: AccountBooks
    balanced: bool = Field(description="Nothing stands in `differences`")
