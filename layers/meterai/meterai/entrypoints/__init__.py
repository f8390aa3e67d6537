"""The edge: an AWS event becomes a call of a step, and what the step raises becomes an answer."""
