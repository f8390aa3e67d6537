"""How busy the system is: load metrics, the waiting room, portal deadlines."""
