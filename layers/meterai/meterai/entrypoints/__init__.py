"""The edge: what AWS hands a function becomes a call of a step, and what that raises an answer."""
