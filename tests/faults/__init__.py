"""Every crash, loss and meeting in the wrong moment: what must hold all the same."""
