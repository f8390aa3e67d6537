"""The switch of buying: on until an operator turns it off, which is kept with who and why."""

from meterai.aws.load.buying_switch import DynamoBuyingSwitch
from tests.contract.backends import AwsBackend
from tests.contract.factories import NOW


def test_it_is_on_until_it_is_turned(moto_backend: AwsBackend) -> None:
    client, table = moto_backend.clients.dynamodb, moto_backend.tables.load_status
    switch = DynamoBuyingSwitch(client, table)
    assert not switch.is_off()
    switch.turn(off=True, by="arn:aws:iam::123456789012:user/budi", reason="a test", now=NOW)
    assert switch.is_off()
    key = {"flow": {"S": "switch"}, "at": {"S": "buying"}}
    item = client.get_item(TableName=table, Key=key)["Item"]
    assert item["by"]["S"].endswith("user/budi")
    assert item["reason"]["S"] == "a test"
    switch.turn(off=False, by="arn:aws:iam::123456789012:user/sri", reason="tested", now=NOW)
    assert not switch.is_off()
