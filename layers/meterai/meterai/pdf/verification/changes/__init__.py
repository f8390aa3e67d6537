"""Judges what follows the issued bytes of a stamped file: structure first, then drawn pages."""
