"""The ledger, and the comparison with the gateways' own records."""
