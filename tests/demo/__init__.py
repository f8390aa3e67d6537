"""`make demo`: the main job, from an empty machine to a balanced ledger, over HTTP and queues only."""
