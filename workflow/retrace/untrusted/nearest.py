"""The word that somebody may have meant, of those that there are."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# Longer words are nobody's slip, and would take long to compare.
LONGEST_WORD = 60


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: `; did you mean 'title'?`, or nothing.

    Parameters
    ----------
    word : object
        What was found; nothing is like a word that is no text.
    known : iterable of str
        What there is. Small and capital letters count as alike.
    """
    if not isinstance(word, str) or len(word) > LONGEST_WORD:
        return ""
    by_letters = {other.casefold(): other for other in sorted(known, reverse=True)}
    found = get_close_matches(word.casefold(), sorted(by_letters), n=1)
    return f"; did you mean {by_letters[found[0]]!r}?" if found else ""
