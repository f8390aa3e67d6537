"""Every half hour: a key for each hour that has none."""

from tests.unit.functions.function_app import FunctionApp, sample


def test_two_keys_are_made_at_first_and_none_again(memory_app: FunctionApp) -> None:
    assert memory_app.invoke("renew_receipt_key", sample("renew_receipt_key")) == {"made": 2}
    assert memory_app.invoke("renew_receipt_key", sample("renew_receipt_key")) == {"made": 0}
