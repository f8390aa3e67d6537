"""Queues, admission, the waiting room and deadlines."""
