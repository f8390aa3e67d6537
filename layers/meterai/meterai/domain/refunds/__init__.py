"""Refunds, payouts and the links that claim or follow them."""
