"""Tests, and the neighbours the system runs beside: AWS, the gateway, a portal, an applicant."""
