"""Whether two ways to write a person's name are the same name, as a bank's record has it.

Banks write in capitals, without points, and mostly without titles; people write both.
"""

import re
import unicodedata

MIN_WITH_TITLE = 2  # words of a name, where no comma shows the title

_BEFORE = frozenset({"APT", "DR", "DRA", "DRG", "DRH", "DRS", "H", "HJ", "IR", "PROF"})
_AFTER = frozenset(
    [
        "AMD",
        "AMK",
        "BA",
        "BBA",
        "BSC",
        "LLM",
        "MAG",
        "MBA",
        "MENG",
        "MH",
        "MHUM",
        "MKES",
        "MKN",
        "MKOM",
        "MM",
        "MPD",
        "MPDI",
        "MPHIL",
        "MPSI",
        "MSC",
        "MSI",
        "MT",
        "MTI",
        "PHD",
        "SAG",
        "SE",
        "SH",
        "SHI",
        "SHUM",
        "SIKOM",
        "SIP",
        "SKED",
        "SKEP",
        "SKG",
        "SKH",
        "SKM",
        "SKOM",
        "SP",
        "SPD",
        "SPDI",
        "SPSI",
        "SPT",
        "SSI",
        "SSOS",
        "SST",
        "ST",
    ]
)


def is_same_holder(written: str, at_bank: str) -> bool:
    """Case, spaces, points and titles do not tell people apart; every other letter does."""
    name = _name(written)
    return name != "" and name == _name(at_bank)


def _name(text: str) -> str:
    """Titles go; but behind a single name, without a comma, one may be the family's name."""
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(one for one in plain if not unicodedata.combining(one)).upper()
    name, _, after = letters.partition(",")
    words, behind = _words(name), _words(after)
    while len(words) > 1 and words[0] in _BEFORE:
        words = words[1:]
    while len(words) > MIN_WITH_TITLE and words[-1] in _AFTER:
        words = words[:-1]
    return "".join([*words, *(word for word in behind if word not in _AFTER)])


def _words(text: str) -> list[str]:
    """Of letters and digits: `S. Kom.` is two, `S.Kom.` and `O'Neil` are one."""
    return [word for part in re.split(r"[\s,]+", text) if (word := re.sub(r"[\W_]", "", part))]
