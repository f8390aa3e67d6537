"""Later revisions of a stamped file: document timestamps and validation data."""
