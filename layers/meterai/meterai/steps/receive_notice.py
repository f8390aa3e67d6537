"""A gateway's notice: its signature is checked and it is queued raw, or the gateway is told to
send it again. Nothing in it is believed; it only says which charge to ask about."""

from meterai.ports import Lanes, NoticeReader


def receive_notice(gateway: str, body: str, *, read_notice: NoticeReader, lanes: Lanes) -> None:
    """Raises NoticeRefused (forged or malformed: 400), Unavailable (not queued: 503)."""
    read_notice(body)
    lanes.notice(gateway, body)
