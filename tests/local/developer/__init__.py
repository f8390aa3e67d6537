"""The developer's page of the local account: the system with live numbers, and a button for each
thing that a developer wants to see happen."""
