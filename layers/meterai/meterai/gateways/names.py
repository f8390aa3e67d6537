"""The gateways that there are: each is the package of this name beside this file.

A further gateway is a package like these, its name here, and its name among the values of the
template's parameters `Gateway` and `PreviousGateway`.
"""

from typing import Literal

GatewayName = Literal["midtrans", "xendit"]
