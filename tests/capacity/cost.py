"""What a run costs at list prices, from the requests, units and seconds that it counted."""

from tests.benchmarks.prices import QUEUE_REQUESTS, USD_PER_MILLION
from tests.capacity.account import Account
from tests.capacity.lane import QueueLane
from tests.capacity.units import LOOK

# x86_64. https://aws.amazon.com/lambda/pricing/
USD_PER_GB_S = 0.0000166667
LOOK_S, LOOK_GB = 0.012, 1.0  # a function of 1,024 MB that reads one item
LEFT_OUT = "without storage, traffic, logs, provisioned pollers, raised quotas of Cognito"


def cost_usd(account: Account, looks: float, stamps: int) -> float:
    """So far. `looks` are the answers to people who asked how far their things are."""
    functions = account.functions.values()
    requests = account.gate.asked - account.gate.refused
    messages = sum({id(lane): lane.arrived for lane in _lanes(account)}.values())
    counts = {
        "HTTP API request": requests,
        "Lambda request": sum(one.invoked for one in functions) + looks,
        "DynamoDB write unit": sum(table.asked for table in account.tables.values()),
        "DynamoDB read unit": looks * LOOK.reads + account.functions["RequestStamping"].invoked,
        "SQS request": QUEUE_REQUESTS * messages,
        "KMS signature, RSA-2048": account.signs.asked,
        "S3 PUT or POST": 2 * stamps,
        "S3 GET or HEAD": 3 * stamps,
        "SNS publication": stamps,
    }
    busy_gb_s = sum(one.busy_s * one.memory_mb / 1024 for one in functions)
    return (
        sum(count * USD_PER_MILLION[item] / 1e6 for item, count in counts.items())
        + (busy_gb_s + looks * LOOK_S * LOOK_GB) * USD_PER_GB_S
    )


def _lanes(account: Account) -> tuple[QueueLane, ...]:
    return account.stamping, account.payments
