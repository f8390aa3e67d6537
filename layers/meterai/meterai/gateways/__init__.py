"""The doors to payment gateways."""
