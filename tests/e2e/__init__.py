"""The whole template on one machine, asked over HTTP and queues only."""
