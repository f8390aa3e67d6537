"""Adapters for trust services: timestamp servers, OCSP responders, CRLs."""
