"""Signing in at the issuer's pages, for the pages here and for apps."""
