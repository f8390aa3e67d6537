"""The cost of a run at list prices, from its requests, units and seconds."""

from tests.benchmarks.prices import QUEUE_REQUESTS, USD_PER_MILLION
from tests.capacity.account import Account
from tests.capacity.lane import QueueLane
from tests.capacity.units import POLL

# x86_64. https://aws.amazon.com/lambda/pricing/
USD_PER_GB_S = 0.0000166667
POLL_S, POLL_GB = 0.012, 1.0  # a function of 1,024 MB that reads one item
LEFT_OUT = "without storage, traffic, logs, provisioned pollers, raised quotas of Cognito"


def cost_usd(account: Account, polls: float, stamps: int) -> float:
    """So far. `polls`: answered requests for the state of an order, a stamping or a ticket."""
    functions = account.functions.values()
    requests = account.api.requested - account.api.refused
    messages = sum({id(lane): lane.arrived for lane in _lanes(account)}.values())
    counts = {
        "HTTP API request": requests,
        "Lambda request": sum(one.invoked for one in functions) + polls,
        "DynamoDB write unit": sum(table.requested for table in account.tables.values()),
        "DynamoDB read unit": polls * POLL.reads + account.functions["RequestStamping"].invoked,
        "SQS request": QUEUE_REQUESTS * messages,
        "KMS signature, RSA-2048": account.signs.requested,
        "S3 PUT or POST": 2 * stamps,
        "S3 GET or HEAD": 3 * stamps,
        "SNS publication": stamps,
    }
    busy_gb_s = sum(one.busy_s * one.memory_mb / 1024 for one in functions)
    return (
        sum(count * USD_PER_MILLION[item] / 1e6 for item, count in counts.items())
        + (busy_gb_s + polls * POLL_S * POLL_GB) * USD_PER_GB_S
    )


def _lanes(account: Account) -> tuple[QueueLane, ...]:
    return account.stamping, account.payments
