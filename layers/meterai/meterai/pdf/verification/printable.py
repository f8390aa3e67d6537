"""Text that a stranger wrote into a file, as it can be shown anywhere, also in a terminal."""


def printable(text: str) -> str:
    """Every kind of blank is a space; U+FFFD stands for controls, such as those that move a
    terminal's cursor or turn the direction of writing."""
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
