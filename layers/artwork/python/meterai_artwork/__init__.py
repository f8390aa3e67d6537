"""The built artwork of an e-meterai; `layers/artwork/draw.py` describes its format."""
