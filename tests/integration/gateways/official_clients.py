"""What the gateways' own Python clients read from our simulators.

`test_official_clients` runs it with another interpreter: `midtransclient` contains a package called
`tests`, so it cannot be imported beside ours. Therefore this file imports nothing of ours. It
prints, as JSON, what the clients read.
"""

# mypy: ignore-errors

import json
import sys

MIDTRANS_ORDER = {
    "payment_type": "qris",
    "transaction_details": {"order_id": "ord_A-1", "gross_amount": 12000},
    "qris": {"acquirer": "gopay"},
}


def midtrans(url: str, key: str, pay) -> dict:
    import midtransclient
    from midtransclient.config import ApiConfig

    ApiConfig.CORE_SANDBOX_BASE_URL = url
    client = midtransclient.CoreApi(is_production=False, server_key=key)
    charged = client.charge(MIDTRANS_ORDER)
    pending = client.transactions.status("ord_A-1")
    pay("ord_A-1")
    settled = client.transactions.status(charged["transaction_id"])
    back = client.transactions.refund(
        "ord_A-1", {"refund_key": "rfd_A-1", "amount": 12000, "reason": "requested"}
    )
    try:
        client.transactions.status("nobody's")
        refusal = ""
    except midtransclient.error_midtrans.MidtransAPIError as error:
        refusal = error.api_response_dict["status_code"]
    return {
        "charged": charged["status_code"],
        "pending": pending["transaction_status"],
        "settled": settled["transaction_status"],
        "refunded": back["refund_amount"],
        "unknown": refusal,
    }


def xendit(url: str, key: str, pay) -> dict:
    import xendit
    from xendit.apis import (
        PaymentMethodApi,
        PaymentRequestApi,
        PayoutApi,
        RefundApi,
        TransactionApi,
    )
    from xendit.refund.model.create_refund import CreateRefund

    configuration = xendit.Configuration(host=url)
    configuration.api_key = key
    client = xendit.ApiClient(configuration)
    requests = PaymentRequestApi(client)
    found, made_of = {}, {}
    for kind in ("qr_code", "virtual_account"):
        reference = f"ord_{kind.upper()}-1"
        [made] = requests.get_all_payment_requests(reference_id=[reference]).data
        found[kind] = [str(made.status), str(made.payment_method.type)]
        made_of[kind] = made
        pay(reference)
    settled = requests.get_payment_request_by_id(made.id)
    methods = PaymentMethodApi(client)
    payments = methods.get_payments_by_payment_method_id(made.payment_method.id)
    refunding = RefundApi(client)
    asked = CreateRefund(
        payment_request_id=made_of["qr_code"].id,
        reference_id="rfd_A-1",
        amount=5000.0,
        currency="IDR",
        reason="CANCELLATION",
    )
    refund = refunding.create_refund(idempotency_key="rfd_A-1", create_refund=asked)
    listed = refunding.get_all_refunds(payment_request_id=asked.payment_request_id).data
    payout = PayoutApi(client).get_payout_by_id(sys.argv[4])
    transactions = TransactionApi(client).get_all_transactions(limit=10.0)
    [same] = PayoutApi(client).get_payouts(reference_id=payout.reference_id).data
    return {
        **found,
        "settled": str(settled.status),
        "paid": payments["data"][0]["amount"],
        "refunds": [
            [refund.reference_id, refund.amount],
            *[[one.id == refund.id] for one in listed],
        ],
        "payout": payout.status,
        "by_reference": same.id == payout.id,
        "transactions": sorted(
            [one.type.value, str(one.status), one.amount] for one in transactions.data
        ),
        "has_more": transactions.has_more,
    }


def main() -> None:
    _, gateway, url, key, *_ = sys.argv

    def pay(name: str) -> None:
        """Tells the simulator's buyer to pay, over standard streams, and waits for the
        confirmation."""
        sys.stdout.write(f"pay {name}\n")
        sys.stdout.flush()
        sys.stdin.readline()

    read = {"midtrans": midtrans, "xendit": xendit}[gateway](url, key, pay)
    sys.stdout.write(json.dumps(read) + "\n")


main()
