"""A purchase by virtual account, which gives no money back by itself."""

from tests.applicant.client import wait_until
from tests.e2e.customer import Customer


def test_a_virtual_account_is_paid_stamped_from_and_refunded_to_an_account_still_to_be_named(
    customer: Customer,
) -> None:
    order = customer.applicant.buy(2, method="virtual_account")
    number = order["pay"]["va_number"]
    assert order["pay"] == {
        "method": "virtual_account",
        "qr_text": None,
        "qr_page_url": None,
        "va_bank": "bca",
        "va_number": number,
    }
    shown = customer.applicant.open(customer.payment_address(order)).content.decode()
    assert number in shown.replace(" ", "")
    assert "Rp20.000" in shown

    customer.pay(order)
    customer.settle()
    customer.stamped(order)
    refund = customer.applicant.refund(order["order_id"], 1)
    wanting = wait_until(
        lambda: customer.applicant.refund_status(refund["refund_id"]), "needs_account"
    )

    assert wanting == {
        **refund,
        "state": "needs_account",
        "created_at": wanting["created_at"],
        "promised_by": wanting["promised_by"],
    }
    books = customer.balance(order)
    assert (books["stamped"], books["refunding"], books["refunded"]) == (1, 1, 0)
    assert (books["captured_idr"], books["refunds_payable_idr"]) == (20_000, 10_000)
