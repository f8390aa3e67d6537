"""`python -m meterai_cli smoke`: does a deployment sell, stamp, verify and refund?"""
