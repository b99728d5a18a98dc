"""Measure the bibliography stage: reading references, finding citations, matching works.

Run from the checkout: `python benchmarks/bibliography/measure.py`; with `.bib` files as arguments
it says how right they are read after pandoc printed them in each style. Seconds are processor time
of one core. The last line of each measurement compares it with a fixed piece of work of Python's
own in the same run, so that figures of different machines can be compared.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "workflow"))

from retrace.bibliography.citations.mentions import find_citations  # noqa: E402
from retrace.bibliography.printed_lists.references import read_list  # noqa: E402
from retrace.bibliography.readers.bibtex import read_bibtex  # noqa: E402
from retrace.bibliography.record import Name, Reference  # noqa: E402
from retrace.bibliography.works.matching import match_references  # noqa: E402

PAPERS = ("hu2024", "magni2022", "osarenkhoe2024")
SEED = 20220101
REFERENCES = 50_000
SHARE_OF_REPEATS = 0.4


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def yardstick() -> float:
    """Processor time of a fixed piece of work: a million substitutions of a short pattern."""
    pattern, text = re.compile(r"(\w+), (\w)\."), "Autio, E. and Sapienza, H. " * 100
    return min(seconds(lambda: [pattern.sub(r"\2 \1", text) for _ in range(5_000)]) for _ in "ab")


def printed_lines() -> list[str]:
    folder = ROOT / "resources" / "papers"
    return [
        line
        for paper in PAPERS
        for line in (folder / paper / "references.txt").read_text(encoding="utf-8").splitlines()
    ]


def many_references(count: int) -> tuple[list[Reference], list[int]]:
    """Made-up references with the families and title words of the printed lists.

    Two in five print an earlier work again as another list would: with a slip in the title,
    a year off by one, without the DOI, with another initial. Returned with the number of the
    work that each refers to.
    """
    draw = random.Random(SEED)
    known = read_list(printed_lines())
    families = [name.family for r in known for name in r.authors]
    words = [word for r in known for word in r.title.split()]
    journals = [r.container for r in known if r.container]
    made: list[Reference] = []
    works: list[int] = []
    originals: list[Reference] = []
    for index in range(1, count + 1):
        if originals and draw.random() < SHARE_OF_REPEATS:
            work = draw.randrange(len(originals))
            made.append(_as_printed_elsewhere(originals[work], index, draw))
            works.append(work)
            continue
        title = " ".join(draw.choice(words) for _ in range(draw.randint(5, 14)))
        first = draw.randint(1, 900)
        made.append(
            Reference(
                index,
                "",
                type="article",
                authors=[Name(draw.choice(families), "A.") for _ in range(draw.randint(1, 4))],
                year=str(draw.randint(1980, 2024)),
                title=title,
                container=draw.choice(journals),
                volume=str(draw.randint(1, 90)),
                first_page=str(first),
                last_page=str(first + draw.randint(5, 30)),
                doi=f"10.1234/{index}" if draw.random() < 0.6 else "",
            )
        )
        works.append(len(originals))
        originals.append(made[-1])
    return made, works


def _as_printed_elsewhere(reference: Reference, index: int, draw: random.Random) -> Reference:
    title = reference.title
    slip = draw.random()
    if slip < 0.3:
        place = draw.randrange(len(title))
        title = title[:place] + title[place + 1 :]
    elif slip < 0.5:
        title = title.replace("ization", "isation").title()
    year = str(int(reference.year) + (draw.random() < 0.1))
    return Reference(
        index,
        "",
        type=reference.type,
        authors=[Name(name.family, draw.choice(("A.", "A. B."))) for name in reference.authors],
        year=year,
        title=title,
        container=reference.container,
        volume=reference.volume,
        first_page=reference.first_page,
        last_page=reference.last_page,
        doi=reference.doi if draw.random() < 0.5 else "",
    )


def agreement(found: list[int], true: list[int]) -> tuple[float, float]:
    """Precision and recall of the pairs of references that are put into one work."""
    both = _pairs(zip(found, true, strict=True))
    return both / max(_pairs(found), 1), both / max(_pairs(true), 1)


def _pairs(labels) -> int:
    counts: dict[object, int] = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    return sum(n * (n - 1) // 2 for n in counts.values())


def accuracy() -> None:
    """Fields read right, counted as the tests count them."""
    sys.path.insert(0, str(ROOT / "tests" / "unit"))
    import test_bibliography_accuracy as tests

    wrong, count = tests.wrong_in_checked_references()
    print(f"checked references: {count - len(wrong)} of {count} fields right")
    printed(tests.KEPT.path)


def printed(path: Path) -> None:
    """Fields read right of a `.bib` file that pandoc prints in each style."""
    sys.path.insert(0, str(ROOT / "tests" / "unit"))
    from printed_bibliography import CSL, PrintedBibliography

    kept = PrintedBibliography(path)
    print(f"{path.name}: {len(kept.entries)} entries")
    for style in CSL:
        share, count, wrong = kept.share_right(style)
        print(f"  in {style}: {share:.2f} of 100 fields right, of {count}; wrong: {dict(wrong)}")


def citations_found() -> None:
    """Citations found in texts that pandoc's citeproc writes, counted as the tests count them."""
    sys.path.insert(0, str(ROOT / "tests" / "unit"))
    import test_bibliography_rendered_citations as tests

    for style in tests.STYLES:
        shares = [
            f"{100 * share:.1f}"
            for extracted, with_list in ((False, True), (True, True), (False, False))
            for share in tests.measured(style, extracted, with_list)[:2]
        ]
        print(f"citations in {style}: found, right; as extracted; without a list: {shares}")


def pairs_matched() -> None:
    """Labelled pairs of references put into one work, over the threshold of title similarity."""
    sys.path.insert(0, str(ROOT / "tests" / "unit"))
    from rapidfuzz import fuzz
    from reference_pairs import pairs

    from retrace.bibliography.works import sameness

    labelled = [(p.same, sameness.features(p.one), sameness.features(p.other)) for p in pairs()]
    print(f"{len(labelled)} pairs, {sum(same for same, _, _ in labelled)} of one work")
    set_threshold = sameness.TITLE_THRESHOLD
    for threshold in (75, 80, 85, 90, 92, 94, 96, 98, 100):
        sameness.TITLE_THRESHOLD = threshold
        rules = [(same, sameness.compare(a, b) == sameness.SAME) for same, a, b in labelled]
        letters = [(same, fuzz.ratio(a.title, b.title) >= threshold) for same, a, b in labelled]
        print(f"threshold {threshold}: {_shares(rules)}; letters alone: {_shares(letters)}")
    sameness.TITLE_THRESHOLD = set_threshold


def _shares(joined: list[tuple[bool, bool]]) -> str:
    right = sum(same and found for same, found in joined)
    precision = right / max(sum(found for _, found in joined), 1)
    recall = right / sum(same for same, _ in joined)
    return f"{100 * precision:.1f} right, {100 * recall:.1f} found"


def main() -> None:
    """Print every figure, or of the `.bib` files named as arguments how right they are read."""
    if sys.argv[1:]:
        for argument in sys.argv[1:]:
            printed(Path(argument))
        return
    accuracy()
    citations_found()
    pairs_matched()
    unit = yardstick()
    print(f"yardstick: {unit:.2f} s")
    lines = printed_lines() * 20
    spent = seconds(lambda: read_list(lines, "auto"))
    print(f"printed references: {len(lines) / spent:,.0f} a second")
    print(f"  {len(lines) / spent * unit:,.0f} a yardstick")
    text = (ROOT / "tests" / "data" / "panel_econometrics.bib").read_text(encoding="utf-8")
    spent = seconds(lambda: read_bibtex(text))
    print(f"BibTeX entries: {text.count(chr(10) + '@') / spent:,.0f} a second")
    made, works = many_references(REFERENCES)
    result: list = []
    for count in (REFERENCES // 4, REFERENCES // 2, REFERENCES):
        some = {"list": made[:count]}
        spent = seconds(lambda some=some: result.append(match_references(some)))
        print(f"matching {count:,} references: {spent:.1f} s, {spent / unit:.0f} yardsticks")
    found = [0] * REFERENCES
    for number, work in enumerate(result[-1]):
        for source in work.sources:
            found[source.index - 1] = number
    precision, recall = agreement(found, works)
    print(f"  pairs put together rightly: {precision:.4f}, found: {recall:.4f}")
    shared = ROOT.parent / "shared" / "papers" / "magni2022.txt"
    if shared.is_file():
        text = shared.read_text(encoding="utf-8")
        spent = seconds(lambda: find_citations(text))
        print(f"citations of a paper of {len(text):,} characters: {spent:.2f} s")


if __name__ == "__main__":
    main()
