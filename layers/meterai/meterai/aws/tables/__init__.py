"""DynamoDB mechanics: attributes, reads, conditional writes, timers."""
