"""The whole template on one machine, used only through HTTP and queues."""
