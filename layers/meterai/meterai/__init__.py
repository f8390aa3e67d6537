"""Meterai: purchase, stamping, verification and refund of electronic stamp duty."""
