"""A portal, such as a recruitment site: its own queue is subscribed to the system's topic and
gets an event for each file that was stamped for it."""
