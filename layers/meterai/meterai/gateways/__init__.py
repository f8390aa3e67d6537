"""Adapters for the payment gateways."""
