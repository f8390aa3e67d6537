"""The door to trust services: timestamp servers, OCSP responders, CRLs."""
