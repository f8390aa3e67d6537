"""A gateway's notice: that it is the gateway's own is checked and it is queued raw, or the gateway
is told to send it again. Nothing in it is believed; it only says which charge to ask about."""

from collections.abc import Mapping

from meterai.ports import Lanes, NoticeCheck


def receive_notice(
    gateway: str,
    body: str,
    headers: Mapping[str, str],
    *,
    check_notice: NoticeCheck,
    lanes: Lanes,
) -> None:
    """Header names in lower case. Raises NoticeRefused (forged or malformed: 400), Unavailable (not
    queued: 503)."""
    check_notice(body, headers)
    lanes.notice(gateway, body)
