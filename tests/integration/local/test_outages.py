"""A service of AWS fails for a while, and the others do not."""

import pytest
from botocore.exceptions import ClientError

from tests.local.account import LocalAccount
from tests.local.outages import KMS, Outages


def test_kms_fails_and_is_back(account: LocalAccount) -> None:
    kms, outages = account.client("kms"), account.outages
    assert outages is not None
    outages.begin(KMS, for_s=600)
    with pytest.raises(ClientError) as refused:
        kms.list_keys()
    assert refused.value.response["Error"]["Code"] == "KMSInternalException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert account.client("sqs").list_queues()["QueueUrls"]

    outages.end(KMS)
    assert kms.list_keys()["Keys"]


def test_an_outage_is_over_when_its_time_is() -> None:
    now = [0.0]
    outages = Outages(clock=lambda: now[0])
    outages.begin(KMS, for_s=60)
    now[0] = 59.0
    assert outages.failure_of("TrentService.Sign") is KMS
    assert outages.failure_of("DynamoDB_20120810.GetItem") is None
    assert outages.failure_of(None) is None
    assert outages.left_s(KMS) == 1
    now[0] = 60.0
    assert outages.failure_of("TrentService.Sign") is None
