"""The word that somebody may have meant, of those that there are."""

from __future__ import annotations

from collections.abc import Collection

# Longer words, and of more known ones any, are not compared: a paper may have many.
LONGEST_WORD = 60
MOST_KNOWN = 1_000
# Of the letters of both words so many per cent stand in the other, in the same order.
ALIKE = 60


def did_you_mean(word: object, known: Collection[str]) -> str:
    """The end of a message about an unknown word: `; did you mean 'title'?`, or nothing.

    Parameters
    ----------
    word : object
        What was found; nothing is like a word that is no text.
    known : collection of str
        What there is; of equally near words the first in the alphabet is named. Small and capital
        letters count as alike.
    """
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extractOne

    if not isinstance(word, str) or len(word) > LONGEST_WORD or len(known) > MOST_KNOWN:
        return ""
    found = extractOne(
        word, sorted(known), scorer=ratio, processor=str.casefold, score_cutoff=ALIKE
    )
    return f"; did you mean {found[0]!r}?" if found else ""
