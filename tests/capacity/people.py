"""What people do at the office, and how long they take. All of it is our assumption."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class People:
    """Shares of all who come; times are means, in seconds."""

    new: float = 0.5  # have to sign up first (two calls); the others did on an earlier day
    # Sign in, or have their token renewed, which Cognito counts alike.
    sign_in: float = 1.0
    pay_s: float = 60  # to scan a QRIS code, or to type a virtual account's number
    never_pay: float = 0.05
    prepare_s: float = 30  # to choose two files and to upload them
    patience_s: float = 7_200  # then whoever has not paid goes home; whoever has paid stays
    look_s: float = 5  # `poll_after_ms` of an order that waits (api/orders.py)


PEOPLE = People()
NEWCOMERS = People(new=1.0)  # over the weeks everybody signs up some day
REQUESTS_TO_STAMP = 2  # of the API, for each e-meterai: the upload's address and the stamping
# When the gateway sends a notice again that was not taken with 2xx (Midtrans): 429 is
# among "others", five times. After that the order's own clock asks.
NOTICES_AGAIN_S = (120, 600, 1_800, 5_400, 12_600)
