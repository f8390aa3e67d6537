"""Flags of annotations and of forms (ISO 32000-1, tables 165 and 219)."""

NOT_SHOWN = 2 | 32  # hidden, no view
PRINTED_AND_LOCKED = 4 | 128
SIGNATURES_EXIST_APPEND_ONLY = 3
