"""The stage on references: a paper of the user's own, in the forms that it may come in."""

import csv
import json

import pytest

# As extracted from a PDF: heads and numbers of pages, words broken across lines and pages, a list.
TEXT = """O. Own / Journal of Own Things 1 (2026) 1-3

As Autio et al. (2000) find (see also Yin, 2009, p. 3; No-
body, 1999), it holds in Italy (2004 data), which the Journal of Own

1
\fO. Own / Journal of Own Things 1 (2026) 1-3

Things (2025) prints. Others agree (Autio et al., 2000; John-

2
\fO. Own / Journal of Own Things 1 (2026) 1-3

son and Smith, in press).

7. REFERENCES

Autio, E., Sapienza, H.J. and Almeida, J.G. (2000), "Effects of age at entry".
Else, N. (2001), "Nobody else", cited in Doz (2003).
"""
REFERENCES = """TY  - JOUR
AU  - Autio, E.
AU  - Sapienza, H. J.
AU  - Almeida, J. G.
TI  - Effects of age at entry, knowledge intensity, and imitability on international growth
JO  - Academy of Management Journal
PY  - 2000
VL  - 43
IS  - 5
SP  - 909
EP  - 924
DO  - 10.2307/1556419
ER  -
TY  - BOOK
AU  - Uncited, U.
TI  - A book that the text does not cite
PY  - 1990
PB  - Sage
ER  -
"""


def rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add_paper(checkout, references: tuple[str, str], citations: tuple[str, str]) -> None:
    folder = checkout.root / "resources/papers/own2026"
    folder.mkdir()
    facts = {
        "title": "A paper of one's own",
        "authors": [{"family": "Own"}],
        "licence": {"name": "CC0"},
        "bibliography": {"references": references[0], "citations": citations[0]},
    }
    # JSON is YAML.
    (folder / "paper.yaml").write_text(json.dumps(facts), encoding="utf-8")
    for name, text in (references, citations):
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.long
def test_a_fifth_paper_with_ris_and_a_full_text_joins_the_works(checkout):
    add_paper(checkout, ("references.ris", REFERENCES), ("text.txt", TEXT))
    checkout.snakemake("--cores", "2", "bibliography")
    results = checkout.root / "results/bibliography"
    listed = rows(results / "own2026/references.csv")
    assert [row["style"] for row in listed] == ["ris", "ris"]
    works = {row["work"]: row for row in rows(results / "works.csv")}
    assert works["autio2000effects"]["papers"] == "hu2024;magni2022;own2026;puthusserry2020"
    cited = {row["citation"]: row for row in rows(results / "citations.csv")
             if row["paper"] == "own2026"}  # fmt: skip
    assert {name: row["status"] for name, row in cited.items()} == {
        "Autio et al.": "listed",
        "Yin": "linked",
        "Nobody": "unlisted",
        "Johnson and Smith": "unlisted",
    }
    assert cited["Autio et al."]["mentions"] == "2"
    assert cited["Johnson and Smith"]["year"] == "in press"
    (uncited,) = [row for row in rows(results / "uncited.csv") if row["paper"] == "own2026"]
    assert uncited["authors"] == "Uncited, U."
    coupled = {(row["paper_a"], row["paper_b"]): row for row in rows(results / "coupling.csv")}
    assert coupled["hu2024", "own2026"]["shared"] == "2"


@pytest.mark.long
def test_a_bibliography_that_is_no_csl_json_refuses_its_own_paper(checkout):
    add_paper(checkout, ("references.json", '{"not": "a list"}'), ("text.txt", TEXT))
    done = checkout.snakemake("--cores", "2", "bibliography", check=False)
    assert done.returncode != 0
    assert "references.json" in done.stdout
    assert "no list of CSL items" in done.stdout
    assert "Traceback" not in done.stdout
    made = {path.parent.name for path in checkout.root.glob("results/bibliography/*/*.csv")}
    assert made == {"hu2024", "magni2022", "osarenkhoe2024"}
