"""Page ranges: abbreviated ends, and ranges whose dash was lost."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

from retrace.bibliography.problem_codes import ProblemCode
from retrace.bibliography.record import Reference

# No article of a journal in these fields is longer; the bound makes the split of lost dashes
# unique: of `n` digits only the middle split can then be a range (see `split_range`).
LONGEST_ARTICLE = 80
# What is longer, up to this, is no article, but casts doubt on an abbreviated end.
LONGEST_DOUBTFUL = 2 * LONGEST_ARTICLE
# From this year on publishers print six-digit article numbers in place of pages; those seen in
# journals of business and economics lie in this range.
FIRST_ARTICLE_NUMBERS = 2019
ARTICLE_NUMBERS = range(100_000, 140_000)
# How many ranges must have lost their dash before a list counts as one that lost them all.
ENOUGH_LOST = 3
# How many must have lost it for each that kept it: one line may come from elsewhere.
LOST_TO_KEPT = 10
# Longer ones are no pages at all.
MOST_DIGITS = 18
# No page has so many digits, whatever became of the other ranges of its list.
TOO_MANY_DIGITS = 7


def expand_range(first: str, last: str) -> tuple[str, str]:
    """Write the end of an abbreviated range in full: 909-24 is 909-924 (Chicago, 9.61)."""
    prefix = first[: len(first) - len(first.lstrip(ascii_letters))]
    digits = first[len(prefix) :]
    if len(first) > MOST_DIGITS or len(last) > MOST_DIGITS:
        return first, last
    if digits.isdecimal() and last.isdecimal() and (len(last) < len(digits) or prefix):
        full = digits[: max(len(digits) - len(last), 0)] + last
        if int(full) >= int(digits):
            return first, prefix + full
    return first, last


def split_range(digits: str) -> tuple[str, str] | None:
    """The range that lost its dash, or None if there is not exactly one that makes sense.

    A range makes sense when it ascends, has no leading zero and spans at most
    `LONGEST_ARTICLE` pages. Ranges with a full end come first; only where there is none may the
    end be abbreviated (`54972` is 549-72), and not where a full one is too long by little
    (`100181` is 1001-81 or 100-181).
    """
    full, longer, abbreviated = _splits(digits)
    candidates = full or longer + abbreviated
    return candidates[0] if len(candidates) == 1 and candidates != longer else None


def _splits(digits: str) -> tuple[list, list, list]:
    """The ranges that digits may be: with a full end, one somewhat too long, an abbreviated one."""
    full: list[tuple[str, str]] = []
    longer: list[tuple[str, str]] = []
    abbreviated: list[tuple[str, str]] = []
    if not digits.isdigit() or not digits.isascii() or len(digits) > MOST_DIGITS:
        return full, longer, abbreviated
    for cut in range(1, len(digits)):
        first, last = digits[:cut], digits[cut:]
        if first[0] == "0" or last[0] == "0":
            continue
        if len(last) >= len(first):
            pages = int(last) - int(first)
            if 0 < pages <= LONGEST_ARTICLE:
                full.append((first, last))
            elif 0 < pages <= LONGEST_DOUBTFUL:
                longer.append((first, last))
        else:
            expanded = expand_range(first, last)
            if 0 < int(expanded[1]) - int(first) <= LONGEST_ARTICLE and len(last) > 1:
                abbreviated.append(expanded)
    return full, longer, abbreviated


def dashes_were_lost(references: Sequence[Reference]) -> bool:
    """Whether hardly a page range of a list has a dash, and several must have had one.

    Numbers of five digits or more are what counts: no volume has that many pages.
    """
    lost = kept = 0
    for reference in references:
        first = reference.first_page
        if reference.last_page:
            kept += 1
        elif first.isdigit() and len(first) >= 5 and not _may_be_article_number(reference):
            lost += split_range(first) is not None
    return lost >= max(ENOUGH_LOST, LOST_TO_KEPT * kept)


def note_lost_dashes(references: Sequence[Reference]) -> None:
    """Note, in place, pages of a list that kept its dashes which can only be a range without."""
    for reference in references:
        digits = reference.first_page
        if reference.type != "article" or reference.last_page or len(digits) < TOO_MANY_DIGITS:
            continue
        for first, last in _splits(digits)[0]:
            reference.problems.append(
                ProblemCode.DASH_MAY_BE_LOST.of(digits=digits, first=first, last=last)
            )


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

    What could as well be an article number, or has not one range that makes sense, stays as
    printed and is noted as a problem; what can only be an article number just stays.
    """
    for reference in references:
        digits = reference.first_page
        if reference.last_page or not digits.isdigit() or len(digits) < 2:
            continue
        found = split_range(digits)
        if _may_be_article_number(reference):
            if found and found[0] + found[1] == digits:
                first, last = found
                reference.problems.append(
                    ProblemCode.RANGE_OR_ARTICLE_NUMBER.of(digits=digits, first=first, last=last)
                )
        elif found is None:
            _, longer, abbreviated = _splits(digits)
            ranges = " or ".join("-".join(pages) for pages in longer + abbreviated)
            reference.problems.append(
                ProblemCode.SEVERAL_RANGES.of(digits=digits, ranges=ranges)
                if ranges
                else ProblemCode.NO_RANGE.of(digits=digits)
            )
        else:
            reference.first_page, reference.last_page = found
            reference.pages_inferred = True
