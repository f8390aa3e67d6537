"""Banks that people choose from when they name an account.

Their short names are the same at both gateways (Xendit writes `ID_` before them):
https://docs.midtrans.com/reference/bank-account-number-automatic-padding
https://docs.midtrans.com/reference/testing-account-numbers
https://docs.xendit.co/bank-codes
Any other bank is named by its short name: a gateway refuses what it does not know.
"""

from collections.abc import Mapping

BANKS: Mapping[str, str] = {
    "bca": "BCA",
    "bni": "BNI",
    "bri": "BRI",
    "cimb": "CIMB Niaga",
    "danamon": "Danamon",
    "mandiri": "Mandiri",
    "permata": "Permata",
}
