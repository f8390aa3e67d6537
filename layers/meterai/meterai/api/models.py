"""What all bodies of the HTTP API have in common: their bases and the forms of their fields."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from meterai.domain.id_derivation import OrderId

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
OrderName = Annotated[OrderId, StringConstraints(pattern=r"^ord_[A-Z2-7]{26}$")]
PortalName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{2,32}$")]
NOT_BLANK = r"\S"  # one character at least that is no white space
Whole = Annotated[int, Field(ge=-(2**31), lt=2**31)]  # fits a signed 32-bit integer
Count = Annotated[int, Field(ge=0, lt=2**31)]
Rupiah = Annotated[int, Field(ge=0, lt=2**53)]  # what JavaScript holds exactly
Points = Annotated[float, Field(ge=-14_400, le=14_400, allow_inf_nan=False)]  # PDF's largest page
Message = Annotated[
    str, Field(description="The state and what to do, in the language of `Content-Language`")
]
PollAfter = Annotated[
    Count | None,
    Field(description="Ask again after so many milliseconds; null: no change is expected"),
]
PromisedBy = Annotated[
    datetime | None, Field(description="By then it is stamped, or its money is on the way back")
]


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Answer(BaseModel):
    """Its repr may be logged, so it leaves out what anybody could use: a presigned address, a
    ticket, a token."""

    model_config = ConfigDict(frozen=True)
