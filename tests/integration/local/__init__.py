"""Tests of the local account, on a small template of its own."""
