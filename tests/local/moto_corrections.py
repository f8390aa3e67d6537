"""Corrections of moto's S3 events, where their differences from AWS's matter to subscribers.

moto writes `stamped%2Fportal%2Fa+b.pdf` where S3 writes `stamped/portal/a+b.pdf`. So a filter
policy on the key's prefix that is right on AWS would match nothing. It also leaves out `sequencer`,
and `versionId` of a versioned bucket.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import itertools
from typing import Any
from urllib.parse import quote_plus

from moto.s3 import notifications

_moto_event = notifications._get_s3_event
_sequence = itertools.count(0x6174_0000_0000_0000)


def correct_s3_events() -> None:
    """Makes moto in this process send S3 events as AWS does. A second call changes nothing."""
    notifications._get_s3_event = _s3_event


def _s3_event(
    event_name: str, bucket: Any, key: Any, notification_id: str
) -> dict[str, list[dict[str, Any]]]:
    event = _moto_event(event_name, bucket, key, notification_id)
    for record in event["Records"]:
        described = record["s3"]["object"]
        described["key"] = quote_plus(key.name, safe="/")
        described["sequencer"] = f"{next(_sequence):016X}"
        if bucket.is_versioned:
            described["versionId"] = key.version_id
    return event
