from datetime import timedelta

from meterai.domain.refunds import RefundState
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import CHARGE, REFUND, before

NOTHING_FAILED = {"batchItemFailures": list[dict[str, str]]()}


def test_the_gateway_is_asked_to_pay_back(office: StampOffice) -> None:
    before(office, "execute_refund")
    assert office.invoke("execute_refund", sample("execute_refund")) == NOTHING_FAILED
    assert office.world.refunds[REFUND].state is RefundState.SUBMITTED
    (told,) = office.world.charges[CHARGE].refunds.values()
    assert (told.refund_key, told.amount_idr, told.final) == (f"{REFUND}-1", 10_000, False)


def test_the_sample_of_the_queue_is_what_was_queued(office: StampOffice) -> None:
    before(office, "execute_refund")
    (letter,) = office.world.refunds_lane
    assert sample("execute_refund")["Records"][0]["body"] == letter.message.model_dump_json()


def test_it_is_confirmed_once_the_bank_says_so(office: StampOffice) -> None:
    before(office, "read_refund")
    office.world.pass_time(timedelta(hours=1))
    office.ports.gateway.confirm_refund(CHARGE, f"{REFUND}-1")
    assert office.invoke("execute_refund", sample("execute_refund")) == NOTHING_FAILED
    answer = office.request(sample("read_refund"))
    assert (answer.json["state"], answer.json["confirmed_at"]) == (
        "confirmed",
        "2026-11-24T03:01:00Z",
    )
    assert len(office.world.charges[CHARGE].refunds) == 1
