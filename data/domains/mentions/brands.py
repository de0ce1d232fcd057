"""Whether a text names a brand: in any case, form and writing, and in scripts that put no blanks between words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Scripts whose words touch each other: Thai and Lao, Burmese, Hangul (particles are joined to names), Khmer, kana, Han.
_NO_BLANKS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u19e0-\u19ff\u1a20-\u1aaf\u3005-\u3007\u3040-\u30ff"
    "\u3100-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# What people type for one another: quotes, and the hyphens that NFKC leaves apart.
_FOLDED = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u05f3\ua78c\u00b4\u0060"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u02ba\u05f4\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u058a\ufe58\ufe63\uff0d"), "-"),
    # Seen by nobody: a soft hyphen, joiners, marks of direction. Only a blank without width parts words.
    **dict.fromkeys((0xAD, 0x34F, 0x61C, 0x180E, 0x200C, 0x200D, 0x200E, 0x200F, 0xFEFF), None),
    **dict.fromkeys(
        (*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)), None
    ),
}


def fold(text: str) -> str:
    """The one form in which texts and brands are compared: NFKC, without case, quotes and hyphens all alike."""
    if text.isascii():
        return " ".join(text.translate(_FOLDED).casefold().split())
    folded = unicodedata.normalize("NFKC", text.translate(_FOLDED)).translate(_FOLDED).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def names(words: Iterable[str], folded: str) -> bool:
    """Whether a folded text holds one of the words: as a whole word where its script has blanks, else anywhere."""
    pattern = _pattern(tuple(words))
    return pattern is not None and pattern.search(folded) is not None


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    looked_for = sorted({fold(word) for word in words} - {""}, key=len, reverse=True)
    return re.compile("|".join(map(_bounded, looked_for))) if looked_for else None


def _bounded(word: str) -> str:
    """A word with the edges it must have: beside a letter of a script with blanks, no other such letter."""
    letter = _letter()
    before = f"(?<!{letter})" if re.match(letter, word[0]) else ""
    after = f"(?!{letter})" if re.match(letter, _base(word)) else ""
    return before + re.escape(word) + after


def _base(word: str) -> str:
    """The last sign of a word that is no mark on another one."""
    return next((sign for sign in reversed(word) if not unicodedata.category(sign).startswith("M")), word[-1])


@cache
def _letter() -> str:
    """A letter, digit or mark of a script that has blanks between its words. `re` counts no mark as part of a word."""
    marks = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)).startswith("M")]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    spans = "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
    return rf"(?:(?![{_NO_BLANKS}])[\w{spans}])"
