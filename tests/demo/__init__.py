"""`make demo`: the main job, from an empty machine to balanced books, over HTTP and queues only."""
