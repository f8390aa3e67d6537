"""The buyer's banking app scans the QR code. Those who pay twice use a second app."""

import re

import aiohttp


async def pay(
    session: aiohttp.ClientSession, gateway_url: str, order_id: str, address: str, *, twice: bool
) -> None:
    """`address`: what the code leads to."""
    charge = re.search(r"/qris/([^/]+)", address)
    assert charge is not None, address
    if twice:
        fault = {"fault": "double_payment", "order_id": f"{order_id}-1"}
        async with session.post(f"{gateway_url}/simulator/faults", json=fault):
            pass
    async with session.post(f"{gateway_url}/qris/{charge[1]}/pay", allow_redirects=False):
        pass
