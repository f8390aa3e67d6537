"""In-memory ports over one small world: what the steps' tests and simulations run on."""
