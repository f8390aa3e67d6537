"""`make demo`: the main job, from nothing to a balanced ledger, over HTTP and queues only."""
