"""In-memory ports over one shared state, for the tests of the steps and for simulations."""
