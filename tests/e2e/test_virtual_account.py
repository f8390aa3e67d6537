"""A purchase by virtual account, which cannot return money to its source."""

import time
from datetime import timedelta

from tests.applicant.client import Json, wait_until
from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import Customer
from tests.e2e.passing_time import refund_ages, sweep
from tests.e2e.refusal import refusal
from tests.midtrans import MidtransSimulator
from tests.midtrans.faults import Fault, FaultKind

SRIS = {"bank": "bca", "number": "1234567890", "holder": "Hj. Sri Wahyuni, S.Pd."}


def test_a_virtual_account_is_paid_stamped_from_and_refunded_to_a_named_account(
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
        "fee_idr": 0,
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
        "message": wanting["message"],
        "position": None,
        "estimate": None,
        "poll_after_ms": None,  # a person has to name an account
        "created_at": wanting["created_at"],
        "promised_by": None,  # not before an account is named
    }
    ledger = customer.balance(order)
    assert (ledger["stamped"], ledger["refunding"], ledger["refunded"]) == (1, 1, 0)
    assert (ledger["captured_idr"], ledger["refunds_payable_idr"]) == (20_000, 10_000)


def test_a_refund_is_claimed_by_a_link_paid_out_and_claimed_again_when_the_bank_returns_it(
    customer: Customer, new_customer: NewCustomer
) -> None:
    environment, applicant = customer.environment, customer.applicant
    assert isinstance(environment.gateway, MidtransSimulator)
    order = customer.paid_order(1, method="virtual_account")
    refund = applicant.refund(order["order_id"], 1)
    refund_id = refund["refund_id"]

    def state(wanted: str) -> Json:
        return wait_until(lambda: applicant.refund_status(refund_id), wanted)

    def grow_older(by: timedelta) -> None:
        refund_ages(environment, refund, by)
        sweep(environment)
        customer.settle()

    state("needs_account")
    claim = {**SRIS, "token": applicant.claim_link(refund_id)["token"]}
    stranger = new_customer().applicant
    for path in ("claim-links", "claims"):
        body = {} if path == "claim-links" else claim
        refused = stranger.ask("POST", f"/v1/refunds/{refund_id}/{path}", body, key="kunci-orang")
        assert refusal(refused).code == "not_found"
    other = applicant.ask(
        "POST", f"/v1/refunds/{refund_id}/claims", claim | {"holder": "Budi"}, key="kunci-salah"
    )
    assert refusal(other).code == "account_name_mismatch"

    environment.gateway.faults.add(
        Fault(FaultKind.PAYOUT_BOUNCED, order_id=f"{refund_id}-2", seconds=3)
    )
    claimed = applicant.claim(refund_id, claim, key="kunci-klaim-1")
    assert claimed["state"] == "submitted"
    used = applicant.ask("POST", f"/v1/refunds/{refund_id}/claims", claim, key="kunci-lain-1")
    assert refusal(used).code == "claim_link_used"
    time.sleep(1.5)  # the bank takes a second
    grow_older(timedelta(minutes=11))
    assert state("confirmed")["confirmed_at"] is not None
    time.sleep(3)  # and returns it
    grow_older(timedelta(days=1, minutes=1))
    state("needs_account")
    assert customer.balance(order)["refunds_payable_idr"] == 10_000

    again = {**SRIS, "token": applicant.claim_link(refund_id)["token"]}
    applicant.claim(refund_id, again, key="kunci-klaim-2")
    time.sleep(1.5)
    grow_older(timedelta(minutes=11))
    state("confirmed")
    assert customer.balance(order)["refunded_idr"] == 10_000
    followed = applicant.open(environment.local_address(refund["follow_url"])).content.decode()
    assert "Dana sudah dikembalikan" in followed
    paid = [one for one in environment.gateway.payouts.made if one.key.startswith(refund_id)]
    assert [(one.key, one.amount) for one in paid] == [
        (f"{refund_id}-2", "10000.00"),
        (f"{refund_id}-3", "10000.00"),
    ]
    grow_older(timedelta(days=31))
    item = environment.account.client("dynamodb").get_item(
        TableName=environment.account.physical("RefundsTable"), Key={"refund_id": {"S": refund_id}}
    )["Item"]
    assert not {"account_ciphertext", "next_check_at", "timer_shard"} & set(item)
