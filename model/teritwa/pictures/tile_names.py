"""Names of districts on tiles: in at most three lines, hyphenated or shortened to fit."""

import re
from functools import cache

from teritwa.pictures.geography import main_name
from teritwa.pictures.style import SMALL_PRINT

POINTS_PER_INCH = 72

FIXED_POINT = 65536.0
"""Unit of widths in font files: 16.16 fixed-point numbers."""

MOST_LINES = 3
"""Lines of a name that a tile has room for."""

_SHORT_FORMS = {
    "saint": "St",
    "sainte": "Ste",
    "petit": "Pt",
    "petite": "Pte",
    "grand": "Gd",
    "grande": "Gde",
    "rivière": "Riv.",
}
_FUNCTION_WORDS = {"de", "du", "des", "à", "aux", "of", "the"}
_VOWELS = "aeiouyàâèéêëîïôûü"
_CLUSTERS = (
    *("ch", "th", "gn", "ph", "qu"),
    *("br", "cr", "dr", "fr", "gr", "pr", "tr", "vr"),
    *("bl", "cl", "fl", "gl", "pl"),
)
"""Consonants that are spoken together."""

_ONSET = re.compile(rf"({'|'.join(_CLUSTERS)}|[^{_VOWELS}])[{_VOWELS}]")
_WORD_BREAK = re.compile(r" |(?<=\D)-(?=\D)")


@cache
def tile_names(names: tuple[str, ...], width: float) -> tuple[str, ...]:
    """Return names in lines that fit on a tile.

    Args:
        names: Full names of districts.
        width: Of a tile, points.

    Returns:
        Each name in at most `MOST_LINES` lines.
    """
    return tuple("\n".join(_lines(main_name(name), width)) for name in names)


def _lines(name: str, width: float) -> list[str]:
    """Return a name in lines; if they are too many, words are cut, the last one first."""
    words = _main_words(name)
    lines = _filled([_hyphenated(word, width) for word in words], width)
    for k in reversed(range(len(words))):
        if len(lines) > MOST_LINES:
            words[k] = _cut(words[k], width)
            lines = _filled([_hyphenated(word, width) for word in words], width)
    return lines[:MOST_LINES]


def _main_words(name: str) -> list[str]:
    """Return the words of a name without function words after the first, in their short forms."""
    first, *others = (word for word in _WORD_BREAK.split(name) if word)
    bare = (re.sub(r"^[dl]'", "", word) for word in others)
    words = [first, *(word for word in bare if word.lower() not in _FUNCTION_WORDS)]
    return [_SHORT_FORMS.get(word.lower(), word) for word in words]


def _filled(words: list[list[str]], width: float) -> list[str]:
    """Return words, each in its pieces, in lines: two words share a line where they fit."""
    lines: list[str] = []
    for first, *others in words:
        if lines and _width(f"{lines[-1]} {first}") <= width:
            lines[-1] += f" {first}"
        else:
            lines.append(first)
        lines += others
    return lines


def _hyphenated(word: str, width: float) -> list[str]:
    """Return a word in pieces that fit, divided as late as possible between syllables, or cut."""
    if _width(word) <= width:
        return [word]
    # Two letters stand alone only if nothing else fits.
    best_first = sorted(range(2, len(word) - 1), key=lambda k: (len(word) - k == 2, -k))
    at = next((k for k in best_first if _may_divide(word, k, width)), None)
    if at is None:
        return [_cut(word, width)]
    return [f"{word[:at]}-", *_hyphenated(word[at:], width)]


def _may_divide(word: str, at: int, width: float) -> bool:
    """Return whether a syllable begins at a letter, and what stands before it fits."""
    begins = _ONSET.match(word[at:]) is not None and word[at - 1 : at + 1] not in _CLUSTERS
    has_vowel = not set(word[:at].lower()).isdisjoint(_VOWELS)
    return begins and has_vowel and _width(f"{word[:at]}-") <= width


def _cut(word: str, width: float) -> str:
    """Return a word that is too wide cut before a vowel, with a full stop."""
    if _width(word) <= width:
        return word
    while len(word) > 1 and _width(f"{word}.") > width:
        word = word[:-1]
    stem = word.rstrip(_VOWELS)
    return f"{stem if len(stem) > 2 else word}."


def _width(text: str) -> float:
    """Return the width of a text in points: of its letters one by one, without kerning."""
    return sum(map(_advance, text))


@cache
def _advance(letter: str) -> float:
    """Return by how much a letter moves on the next, in points."""
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(findfont(FontProperties(size=SMALL_PRINT)))
    font.set_size(SMALL_PRINT, POINTS_PER_INCH)
    glyph = font.load_char(ord(letter), LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / FIXED_POINT
