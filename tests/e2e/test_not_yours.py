"""Another account's ids get the response of unknown ones: 404, never 403."""

from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import Customer, letter
from tests.e2e.refusal import Refusal, refusal

NOT_FOUND = Refusal(404, "not_found")


def test_another_accounts_order_stamping_and_refund_are_not_found(
    customer: Customer, new_customer: NewCustomer
) -> None:
    stranger = new_customer().applicant
    order = customer.paid_order(3)
    stamped = customer.stamped(order)
    refund = customer.applicant.refund(order["order_id"], 1)
    customer.settle()
    before = customer.order(order)
    own_document = stranger.upload(letter())

    asked = [
        stranger.ask("GET", f"/v1/orders/{order['order_id']}"),
        stranger.ask("GET", f"/v1/stampings/{stamped['stamping_id']}"),
        stranger.ask("GET", f"/v1/refunds/{refund['refund_id']}"),
        stranger.ask("GET", f"/v1/ledger?of={customer.subject}"),
        stranger.ask("POST", f"/v1/orders/{order['order_id']}/refunds", {"quantity": 1}),
        stranger.ask("POST", "/v1/stampings", customer.stamping_body(order, document=own_document)),
        # and ids that do not exist:
        stranger.ask("GET", "/v1/orders/ord_AAAAAAAAAAAAAAAAAAAAAAAAAA"),
        stranger.ask("GET", "/v1/orders/ord_1"),
        stranger.ask("GET", "/v1/stampings/0000000000000000000000"),
        stranger.ask("GET", "/v1/refunds/rfd_AAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ]

    assert [refusal(answer) for answer in asked] == [NOT_FOUND] * len(asked)
    assert customer.order(order) == before


def test_another_accounts_document_gets_the_response_of_an_unknown_one(
    customer: Customer, new_customer: NewCustomer
) -> None:
    document = customer.applicant.upload(letter(5))
    stranger = new_customer()
    order = stranger.applicant.buy(1)

    stamping = stranger.applicant.ask(
        "POST", "/v1/stampings", stranger.stamping_body(order, document=document)
    )
    verdict = stranger.applicant.ask("POST", "/v1/verifications", {"document": document})

    missing = Refusal(409, "document_missing", {"document": document})
    assert (refusal(stamping), refusal(verdict)) == (missing, missing)
    assert stranger.order(order) == order


def test_the_same_key_and_the_same_document_of_two_customers_are_two_stampings(
    customer: Customer, new_customer: NewCustomer
) -> None:
    both = [customer, new_customer()]
    stampings = [one.request(one.paid_order(), key="kunci-yang-sama") for one in both]
    customer.settle()

    assert len({stamping["stamping_id"] for stamping in stampings}) == 2
    for one, stamping in zip(both, stampings, strict=True):
        assert one.applicant.stamping(stamping["stamping_id"])["state"] == "stamped"
