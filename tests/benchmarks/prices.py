"""What 1,000 stamps cost at AWS's list prices (us-east-1, November 2026), from the calls they make.

Not included: Lambda's running time, which this machine cannot measure, storage, traffic and logs.
"""

from dataclasses import dataclass

from tests.metering import Usage

USD_PER_MILLION = {
    "HTTP API request": 1.00,
    "Lambda request": 0.20,
    "DynamoDB write unit": 0.625,
    "DynamoDB read unit": 0.125,
    "SQS request": 0.40,
    "KMS signature, RSA-2048": 3.00,
    "S3 PUT or POST": 5.00,
    "S3 GET or HEAD": 0.40,
    "SNS publication": 0.50,
}
QUEUE_REQUESTS = 3  # a message is sent, received and deleted


@dataclass(frozen=True, slots=True)
class CostLine:
    item: str
    count: float  # for one stamp
    usd_per_1000: float


def cost_lines(usage: Usage, *, stamps: int, requests: int) -> list[CostLine]:
    """`usage`: the functions' AWS calls to sell and place this many `stamps`. `requests`: how
    many the client makes; each runs one function."""
    calls = usage.calls
    messages = calls["sqs.SendMessage"]
    counts = {
        "HTTP API request": requests,
        "Lambda request": requests + messages,
        "DynamoDB write unit": usage.write_units,
        "DynamoDB read unit": usage.read_units,
        "SQS request": QUEUE_REQUESTS * messages,
        "KMS signature, RSA-2048": calls["kms.Sign"],
        "S3 PUT or POST": calls["s3.PutObject"] + stamps,  # the client uploads by itself
        "S3 GET or HEAD": calls["s3.GetObject"] + calls["s3.HeadObject"] + stamps,  # downloads
        "SNS publication": calls["s3.PutObject"],
    }
    return [
        CostLine(item, count / stamps, count / stamps * USD_PER_MILLION[item] / 1000)
        for item, count in counts.items()
    ]
