"""Tests, and the neighbours that the system runs beside: AWS, the gateway, a portal, an applicant."""
