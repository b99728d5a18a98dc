"""Page ranges: abbreviated ends, and ranges whose dash was lost."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

from retrace.bibliography.record import Reference

# No article of a journal in these fields is longer; the bound makes the split of lost dashes
# unique: of `n` digits only the middle split can then be a range (see `split_range`).
LONGEST_ARTICLE = 80
# From this year on publishers print six-digit article numbers in place of pages; those seen in
# journals of business and economics lie in this range.
FIRST_ARTICLE_NUMBERS = 2019
ARTICLE_NUMBERS = range(100_000, 140_000)
# How many ranges must have lost their dash before a list counts as one that lost them all.
ENOUGH_LOST = 3


def expand_range(first: str, last: str) -> tuple[str, str]:
    """Write the end of an abbreviated range in full: 909-24 is 909-924 (Chicago, 9.61)."""
    prefix = first[: len(first) - len(first.lstrip(ascii_letters))]
    digits = first[len(prefix) :]
    if digits.isdecimal() and last.isdecimal() and (len(last) < len(digits) or prefix):
        full = digits[: max(len(digits) - len(last), 0)] + last
        if int(full) >= int(digits):
            return first, prefix + full
    return first, last


def split_range(digits: str) -> tuple[str, str] | None:
    """The range that lost its dash, or None if there is not exactly one that makes sense.

    A range makes sense when it ascends, has no leading zero and spans at most
    `LONGEST_ARTICLE` pages. Ranges with a full end come first; only where there is none may the
    end be abbreviated (`54972` is 549-72).
    """
    if not digits.isdigit() or not digits.isascii():
        return None
    full = []
    abbreviated = []
    for cut in range(1, len(digits)):
        first, last = digits[:cut], digits[cut:]
        if first[0] == "0" or last[0] == "0":
            continue
        if len(last) >= len(first):
            if 0 < int(last) - int(first) <= LONGEST_ARTICLE:
                full.append((first, last))
        else:
            expanded = expand_range(first, last)
            if 0 < int(expanded[1]) - int(first) <= LONGEST_ARTICLE and len(last) > 1:
                abbreviated.append(expanded)
    candidates = full or abbreviated
    return candidates[0] if len(candidates) == 1 else None


def dashes_were_lost(references: Sequence[Reference]) -> bool:
    """Whether a list has no page range with a dash, but several that must have had one.

    Numbers of five digits or more are what counts: no volume has that many pages.
    """
    lost = 0
    for reference in references:
        if reference.last_page:
            return False
        first = reference.first_page
        if first.isdigit() and len(first) >= 5 and not _may_be_article_number(reference):
            lost += split_range(first) is not None
    return lost >= ENOUGH_LOST


def _may_be_article_number(reference: Reference) -> bool:
    """Whether digits without a dash could be an article number instead of a page range."""
    year = reference.year_number
    return (
        reference.type == "article"
        and len(reference.first_page) == 6
        and int(reference.first_page) in ARTICLE_NUMBERS
        and (year is None or year >= FIRST_ARTICLE_NUMBERS)
    )


def restore_dashes(references: Sequence[Reference]) -> None:
    """Recover, in place, the page ranges of a list that lost its dashes.

    What could as well be an article number, or has no range that makes sense, stays as printed
    and is noted as a problem; what can only be an article number just stays.
    """
    for reference in references:
        digits = reference.first_page
        if reference.last_page or not digits.isdigit() or len(digits) < 2:
            continue
        found = split_range(digits)
        if _may_be_article_number(reference):
            if found and found[0] + found[1] == digits:
                reference.problems.append(
                    f"pages {digits}: an article number, or {found[0]}-{found[1]} without its dash"
                )
        elif found is None:
            reference.problems.append(f"pages {digits}: a lost dash, but no range makes sense")
        else:
            reference.first_page, reference.last_page = found
            reference.pages_inferred = True
