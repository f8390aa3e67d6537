"""What an operator decides and the template names; read from the environment, once."""

import os
from functools import cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _listed(text: str) -> tuple[str, ...]:
    """The names in a comma-separated list, as CloudFormation joins them; an empty one has none."""
    return tuple(name for name in text.split(",") if name)


_Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Settings(BaseModel):
    """Fields are the environment's names in lower case. A missing one stops the start by name."""

    model_config = ConfigDict(frozen=True)

    orders_table: str
    payments_table: str
    serials_table: str
    refunds_table: str
    documents_bucket: str
    payments_queue_url: str
    stamping_queue_url: str
    refunds_queue_url: str
    identity_secret_arn: str
    gateway_secret_arn: str
    gateway_url: str
    signing_identity_object: str  # key in the documents bucket
    public_host: str
    portals: _Names = ()
    unit_price_idr: Annotated[int, Field(ge=10_000)] = 10_000
    order_expires_s: int = 900
    stamping_promise_s: int = 86_400
    stamping_claim_s: int = 120
    largest_document_bytes: int = 20_000_000


@cache
def settings() -> Settings:
    present = {name.lower(): value for name, value in os.environ.items()}
    return Settings.model_validate(present)
