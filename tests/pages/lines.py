"""Chrome's network conditions, for walks on a weak line."""

from enum import Enum

from tests.pages.visitor import Visitor


class Line(Enum):
    """Offline; bytes a second, both ways, -1: as fast as it goes; milliseconds before an answer.

    Slow 3G as Chrome's developer tools had it:
    https://github.com/puppeteer/puppeteer/blob/main/packages/puppeteer-core/src/cdp/PredefinedNetworkConditions.ts
    """

    FULL = (False, -1, 0)
    SLOW_3G = (False, 50_000, 2_000)
    OFFLINE = (True, 0, 0)


def use_line(visitor: Visitor, line: Line) -> None:
    """For the visitor's page, from now on."""
    is_offline, bytes_per_s, latency_ms = line.value
    visitor.devtools.send("Network.enable")
    visitor.devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": is_offline,
            "downloadThroughput": bytes_per_s,
            "uploadThroughput": bytes_per_s,
            "latency": latency_ms,
        },
    )
