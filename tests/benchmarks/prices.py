"""What a stamp costs at AWS's list prices (us-east-1, November 2026), from the calls it makes."""

from collections.abc import Mapping
from dataclasses import dataclass

HTTP_API_USD = 1.00e-6  # a request
DYNAMODB_WRITE_USD = 0.625e-6  # an on-demand write unit
DYNAMODB_READ_USD = 0.125e-6
SQS_USD = 0.40e-6  # a request: each message is sent, received and deleted
KMS_SIGN_USD = 0.03e-4  # RSA-2048: $0.03 for 10,000
S3_PUT_USD = 5.0e-6
S3_GET_USD = 0.4e-6
LAMBDA_GB_S_USD = 16.6667e-6  # x86_64
LAMBDA_REQUEST_USD = 0.20e-6


@dataclass(frozen=True, slots=True)
class CostLine:
    part: str
    usd_per_1000: float


def cost_per_1000(calls: Mapping[str, float], write_units: float, read_units: float) -> list[
    CostLine
]:
    """Of 1,000 stamps, from one stamp's calls by "service.Operation" and "http.request"."""
    parts = {
        "HTTP API and Lambda requests": calls.get("http.request", 0)
        * (HTTP_API_USD + LAMBDA_REQUEST_USD),
        "DynamoDB writes": write_units * DYNAMODB_WRITE_USD,
        "DynamoDB reads": read_units * DYNAMODB_READ_USD,
        "SQS": 3 * calls.get("sqs.SendMessage", 0) * SQS_USD,
        "KMS": calls.get("kms.Sign", 0) * KMS_SIGN_USD,
        "S3": (calls.get("s3.PutObject", 0) + 1) * S3_PUT_USD
        + calls.get("s3.GetObject", 0) * S3_GET_USD,
    }
    return [CostLine(part, 1000 * usd) for part, usd in parts.items()]
