"""Writes down what it saw, and does what each message says."""

import json
import os
import time
from typing import Any

from shared import is_written_down, write_down


def handle(event: dict[str, Any], _context: object) -> Any:
    failures: list[dict[str, Any]] = []
    for record in event["Records"]:
        message = json.loads(record["body"])
        count = record["attributes"]["ApproximateReceiveCount"]
        write_down(f"{message['id']}/{count}", json.dumps(record))
        write_down(f"{message['id']}/batch", json.dumps({"size": len(event["Records"])}))
        match message["do"]:
            case "fail":
                failures.append({"itemIdentifier": record["messageId"]})
            case "fail once" if count == "1":
                failures.append({"itemIdentifier": record["messageId"]})
            case "raise":
                raise ValueError("as requested")
            case "hold":  # until the test lets go
                while not is_written_down(f"{message['id']}/let go"):
                    time.sleep(0.05)
            case "exit":
                os._exit(1)
            case "report nonsense":
                return {"batchItemFailures": [{"itemIdentifier": "nobody"}]}
    return {"batchItemFailures": failures}
