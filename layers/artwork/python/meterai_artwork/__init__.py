"""The picture of an e-meterai as built: read with importlib.resources, described in draw.py."""
