"""Every half hour: a key for each hour that has none."""

from tests.unit.functions.stamp_office import StampOffice, sample


def test_two_keys_are_made_at_first_and_none_again(office: StampOffice) -> None:
    assert office.invoke("renew_receipt_key", sample("renew_receipt_key")) == {"made": 2}
    assert office.invoke("renew_receipt_key", sample("renew_receipt_key")) == {"made": 0}
