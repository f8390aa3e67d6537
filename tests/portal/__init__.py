"""A portal, such as a recruitment site: it subscribes a queue of its own to the system's topic and
hears of each file that was stamped for it."""
