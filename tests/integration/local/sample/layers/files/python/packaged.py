"""A module of a layer that is zipped as it is."""

NAME = "from the files layer"
