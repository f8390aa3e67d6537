"""What people do, and how long they take. All these numbers are our assumptions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class People:
    """Shares of all who come; times are means, in seconds."""

    new: float = 0.5  # sign up first (two calls); the others did so on an earlier day
    # Sign in, or renew their token, which Cognito counts as the same.
    sign_in: float = 1.0
    pay_s: float = 60  # to scan a QRIS code, or to type a virtual account's number
    never_pay: float = 0.05
    prepare_s: float = 30  # to choose two files and to upload them
    leaves_after_s: float = 7_200  # those who have not paid; those who have paid stay
    poll_s: float = 5  # `poll_after_ms` of a pending order (api/orders.py)


PEOPLE = People()
NEWCOMERS = People(new=1.0)  # over the weeks, each person signs up on some day
REQUESTS_TO_STAMP = 2  # of the API, for each e-meterai: the upload's address and the stamping
# Midtrans resends a webhook that was not answered with 2xx: 429 is among the "others", five times.
# After that the order's timer makes the check.
WEBHOOK_RETRIES_S = (120, 600, 1_800, 5_400, 12_600)
