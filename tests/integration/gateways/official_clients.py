"""The whole life of a payment, by the gateways' own Python clients, at our simulators.

`test_official_clients` runs it with another interpreter: `midtransclient` contains a package called
`tests`, so it cannot be imported beside ours. Therefore this file imports nothing of ours. It
prints, as JSON, what the clients read.
"""

# mypy: ignore-errors

import json
import sys
from datetime import UTC, datetime, timedelta


def midtrans(url: str, key: str, pay) -> dict:
    import midtransclient
    from midtransclient.config import ApiConfig
    from midtransclient.error_midtrans import MidtransAPIError

    ApiConfig.CORE_SANDBOX_BASE_URL = url
    client = midtransclient.CoreApi(is_production=False, server_key=key)
    transactions = client.transactions

    def refusal(call, *arguments) -> str:
        try:
            call(*arguments)
        except MidtransAPIError as error:
            return error.api_response_dict["status_code"]
        return ""

    def order(order_id: str, payment_type: str = "qris", **more) -> dict:
        details = {"order_id": order_id, "gross_amount": 12000}
        return {"payment_type": payment_type, "transaction_details": details, **more}

    # A QRIS code: charged, paid, given back in two parts, directly and not.
    charged = client.charge(order("ord_A-1", qris={"acquirer": "gopay"}))
    pending = transactions.status("ord_A-1")
    unpaid = refusal(transactions.refundDirect, "ord_A-1", {"refund_key": "a", "amount": 1})
    pay("ord_A-1")
    settled = transactions.status(charged["transaction_id"])
    direct = transactions.refundDirect(
        "ord_A-1", {"refund_key": "rfd_A-1", "amount": 5000, "reason": "requested"}
    )
    ordinary = transactions.refund(
        "ord_A-1", {"refund_key": "rfd_A-2", "amount": 7000, "reason": "requested"}
    )
    returned = transactions.status("ord_A-1")
    # A virtual account: cancelled; another: expired; neither can be changed again.
    bca = {"bank_transfer": {"bank": "bca"}}
    account = client.charge(order("ord_B-1", "bank_transfer", **bca))
    cancelled = transactions.cancel("ord_B-1")
    client.charge(order("ord_C-1", "bank_transfer", **bca))
    return {
        "charged": charged["status_code"],
        "pending": pending["transaction_status"],
        "unpaid": unpaid,
        "settled": settled["transaction_status"],
        "refunds": [direct["refund_amount"], ordinary["refund_amount"]],
        "returned": [returned["transaction_status"], len(returned["refunds"])],
        "account": account["va_numbers"][0]["bank"],
        "cancelled": cancelled["transaction_status"],
        "cancelled_again": refusal(transactions.cancel, "ord_B-1"),
        "expired": transactions.expire("ord_C-1")["status_code"],
        "expired_again": refusal(transactions.expire, "ord_C-1"),
        "taken": refusal(client.charge, order("ord_A-1")),
        "not_activated": refusal(client.charge, order("ord_D-1", "gopay")),
        "unknown": refusal(transactions.status, "nobody's"),
    }


def xendit(url: str, key: str, _pay) -> dict:
    import xendit
    from xendit.apis import (
        PaymentMethodApi,
        PaymentRequestApi,
        PayoutApi,
        RefundApi,
        TransactionApi,
    )
    from xendit.payment_request.model.payment_request_parameters import PaymentRequestParameters
    from xendit.payout.model.create_payout_request import CreatePayoutRequest
    from xendit.refund.model.create_refund import CreateRefund

    configuration = xendit.Configuration(host=url)
    configuration.api_key = key
    client = xendit.ApiClient(configuration)
    requests, methods = PaymentRequestApi(client), PaymentMethodApi(client)
    refunding, payouts = RefundApi(client), PayoutApi(client)

    def refusal(call, **arguments) -> str:
        try:
            call(**arguments)
        except xendit.XenditSdkException as error:
            return error.errorCode
        return ""

    def asked(reference: str, method: dict) -> dict:
        wanted = PaymentRequestParameters._from_openapi_data(
            reference_id=reference,
            amount=12000.0,
            currency="IDR",
            country="ID",
            payment_method={"reusability": "ONE_TIME_USE", "reference_id": reference, **method},
            _spec_property_naming=True,
            _configuration=configuration,
        )
        return {"idempotency_key": reference, "payment_request_parameters": wanted}

    later = datetime.now(UTC) + timedelta(minutes=15)
    qris = {"type": "QR_CODE", "qr_code": {"channel_code": "QRIS"}}
    dated = {"channel_code": "QRIS", "channel_properties": {"expires_at": later}}
    account = {
        "channel_code": "BCA",
        "amount": 12000.0,
        "channel_properties": {"customer_name": "E-Meterai", "expires_at": later},
    }
    bca = {"type": "VIRTUAL_ACCOUNT", "virtual_account": account}

    # A QRIS code takes no expiry. Charged, paid, given back in two parts, one after the other.
    expiry = refusal(
        requests.create_payment_request, **asked("ord_X-1", {**qris, "qr_code": dated})
    )
    code = requests.create_payment_request(**asked("ord_A-1", qris))
    again = requests.create_payment_request(**asked("ord_A-1", qris))
    simulated = requests.simulate_payment_request_payment(code.id)
    settled = requests.get_payment_request_by_id(code.id)
    [payment] = methods.get_payments_by_payment_method_id(code.payment_method.id)["data"]

    def refund(key: str, amount: float) -> dict:
        wanted = CreateRefund(
            payment_request_id=code.id,
            reference_id=key,
            amount=amount,
            currency="IDR",
            reason="CANCELLATION",
        )
        return {"idempotency_key": key, "create_refund": wanted}

    part = refunding.create_refund(**refund("rfd_A-1", 5000.0))
    at_once = refusal(refunding.create_refund, **refund("rfd_A-2", 7000.0))
    listed = refunding.get_all_refunds(payment_request_id=code.id).data
    # A virtual account: its method is expired, and not once more.
    va = requests.create_payment_request(**asked("ord_B-1", bca))
    methods.expire_payment_method(va.payment_method.id)
    closed = requests.get_payment_request_by_id(va.id)
    twice = refusal(methods.expire_payment_method, payment_method_id=va.payment_method.id)
    [found] = requests.get_all_payment_requests(reference_id=["ord_B-1"]).data
    # What cannot go back that way is paid out.
    wanted = CreatePayoutRequest(
        reference_id="rfd_B-2",
        channel_code="ID_BCA",
        channel_properties={
            "account_number": "1234567890",
            "account_holder_name": "SRI WAHYUNI",
        },
        amount=12000.0,
        currency="IDR",
        description="a refund",
        _check_type=False,
    )
    payout = payouts.create_payout(idempotency_key="rfd_B-2", create_payout_request=wanted)
    [same] = payouts.get_payouts(reference_id="rfd_B-2").data
    transactions = TransactionApi(client).get_all_transactions(limit=10.0)
    return {
        "expiry": expiry,
        "charged": [str(code.status), str(code.payment_method.type), again.id == code.id],
        "settled": [simulated.status, str(settled.status), payment["amount"]],
        "refunded": [part.reference_id, part.amount, [one.id == part.id for one in listed]],
        "at_once": at_once,
        "account": [str(va.status), str(closed.status), twice, found.id == va.id],
        "payout": [payouts.get_payout_by_id(payout.id).status, same.id == payout.id],
        "transactions": sorted(
            [one.type.value, str(one.status), one.amount] for one in transactions.data
        ),
        "has_more": transactions.has_more,
    }


def main() -> None:
    _, gateway, url, key = sys.argv

    def pay(name: str) -> None:
        """Tells the simulator's buyer to pay, over standard streams, and waits for the
        confirmation."""
        sys.stdout.write(f"pay {name}\n")
        sys.stdout.flush()
        sys.stdin.readline()

    read = {"midtrans": midtrans, "xendit": xendit}[gateway](url, key, pay)
    sys.stdout.write(json.dumps(read) + "\n")


main()
