"""The folder of osarenkhoe2024 against the text of the paper, cell by cell."""

from __future__ import annotations

import re

import pytest
import yaml
from transcription import (
    ROOT,
    between,
    citation_problems,
    listed_problems,
    printed_beside,
    reference_problems,
    rows_of,
    text_of,
)

FOLDER = ROOT / "resources" / "papers" / "osarenkhoe2024"
TABLES = FOLDER / "tables"

# Years of the body that date an event, in order of appearance.
# fmt: off
OTHER_YEARS = [
    "1989", "1991", "2017", "2019", "2022", "2019", "2018", "2016", "2006",
    "2013", "2015", "2016", "2020", "2010", "2020", "2005", "2012", "2020",
]
# fmt: on

# A word that stands beside each count in the section on data collection.
INTERVIEWS = ("managers", "inwardly”", "outwardly”", "participants", "leaders", "system")
TOTALS = ("interviews", "face-to-face", "online")
RESPONDENTS = ("key", "SMEs", "innovation", "process")
# A word that stands beside the date of each event.
EVENTS = (
    "establishment", "strategy", "vision", "Manager", "Gold", "2013–2015", "Hub", "Hub",
    "concluded", "Joining", "Exhibition",
)  # fmt: skip


@pytest.fixture(scope="module")
def text():
    return text_of("osarenkhoe2024.txt").replace("\xa0", " ")


@pytest.fixture(scope="module")
def citations():
    return rows_of(FOLDER / "citations.csv")


def body_of(text: str) -> str:
    return between(text, "\nIntroduction\n", "\nReferences\n")


def transcribed_references() -> str:
    return (FOLDER / "references.txt").read_text(encoding="utf-8").replace("\xa0", " ")


def printed_references(text: str) -> str:
    return between(text, "\nReferences\n", "\nAcknowledgements\n")[len("\nReferences") :]


def event_problems(text: str, rows: list[dict[str, str]]) -> list[str]:
    problems = [] if len(rows) == len(EVENTS) else [f"{len(rows)} events, {len(EVENTS)} printed"]
    findings = between(body_of(text), "\nFindings\n", "\nDiscussion\n")
    for row, word in zip(rows, EVENTS, strict=False):
        part = findings
        if row["Section"] != "Findings":
            part = between(text, f"\n{row['Section']}\n", "\nAcquisition of knowledge in")
        date = "–".join(cell for cell in (row["From"], row["To"]) if cell)
        if not printed_beside(part, date, word):
            problems.append(f"{row} is not printed beside {word}")
    return problems


def count_problems(text: str, rows: list[dict[str, str]], words: tuple[str, ...]) -> list[str]:
    """Rows whose count is not printed beside its word in the section on data collection."""
    section = between(text, "\nData collection\n", "\nAdditional methodological")
    problems = [] if len(rows) == len(words) else [f"{len(rows)} rows, {len(words)} printed"]
    return problems + [
        f"{row['Count']} is not printed beside {word}"
        for row, word in zip(rows, words, strict=False)
        if not printed_beside(section, row["Count"], word)
    ]


COUNTED = [("interviews", INTERVIEWS), ("totals", TOTALS), ("respondents", RESPONDENTS)]


@pytest.mark.parametrize(("table", "words"), COUNTED)
def test_the_counts_of_data_collection_are_printed(text, table, words):
    assert count_problems(text, rows_of(TABLES / f"{table}.csv"), words) == []


def test_the_rounds_and_periods_of_interviews_are_printed(text):
    section = between(text, "\nData collection\n", "\nAdditional methodological")
    for row in rows_of(TABLES / "interviews.csv"):
        assert (
            not row["Rounds"]
            or printed_beside(section, row["Rounds"], "round")
            or (printed_beside(section, row["Rounds"], "rounds"))
        )
    for row in rows_of(TABLES / "totals.csv"):
        assert row["From"] in section
        assert row["To"] in section


@pytest.mark.parametrize(("table", "words"), COUNTED)
def test_an_altered_count_is_noticed(text, table, words):
    rows = rows_of(TABLES / f"{table}.csv")
    for number, row in enumerate(rows):
        altered = [dict(other) for other in rows]
        altered[number]["Count"] = row["Count"] + "0"
        assert len(count_problems(text, altered, words)) == 1


def test_the_dated_events_are_printed(text):
    assert event_problems(text, rows_of(TABLES / "chronology.csv")) == []


def test_an_altered_date_is_noticed(text):
    rows = rows_of(TABLES / "chronology.csv")
    for number, row in enumerate(rows):
        altered = [dict(other) for other in rows]
        altered[number]["From"] = row["From"][:-1] + str((int(row["From"][-1]) + 1) % 10)
        assert len(event_problems(text, altered)) == 1


def test_table_1_has_the_printed_numbered_headings(text):
    rows = rows_of(TABLES / "table1.csv")
    printed = between(text, "\nContribution of this study\n", "\nSource(s):")
    headings = re.findall(r"• (\d)\.\s+([^:]+):", printed)
    assert [(row["No."], row["Label"]) for row in rows] == headings


def test_the_110_references_are_printed_in_order(text):
    transcribed = transcribed_references()
    assert transcribed.count("\n") == 110
    assert reference_problems(printed_references(text), transcribed) == []


def test_the_reference_lines_keep_the_printed_bytes():
    printed = text_of("osarenkhoe2024.txt")
    lines = (FOLDER / "references.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if f"\n{line}\n" not in printed] == []


def test_an_altered_missing_or_moved_reference_is_noticed(text):
    transcribed = transcribed_references()
    printed = printed_references(text)
    lines = transcribed.splitlines(keepends=True)
    assert reference_problems(printed, transcribed.replace("11731190", "1173-1190"))
    assert reference_problems(printed, "".join(lines[:50] + lines[51:]))
    assert reference_problems(printed, "".join([lines[1], lines[0], *lines[2:]]))


def test_every_author_year_mention_is_counted(text, citations):
    assert citation_problems(body_of(text), citations, OTHER_YEARS) == []
    assert sum(int(row["mentions"]) for row in citations) == 241


def test_an_altered_or_missing_citation_is_noticed(text, citations):
    body = body_of(text)
    for number in (0, 70, len(citations) - 1):
        row = citations[number]
        one_more = [*citations[:number], {**row, "mentions": str(int(row["mentions"]) + 1)}]
        assert citation_problems(body, [*one_more, *citations[number + 1 :]], OTHER_YEARS)
    assert citation_problems(body, citations[1:], OTHER_YEARS)
    assert citation_problems(body, [citations[1], citations[0], *citations[2:]], OTHER_YEARS)


def test_every_citation_has_a_reference_but_those_the_paper_prints_otherwise(citations):
    # By reading: Mattsson comes first in the entry of 2006, and only one Falahat of 2020 is
    # listed, without a letter.
    assert listed_problems(citations, transcribed_references()) == [
        "Johanson and Mattsson 2006",
        "Falahat et al. 2020b",
    ]


def test_the_papers_own_facts_are_printed(text):
    paper = yaml.safe_load((FOLDER / "paper.yaml").read_text(encoding="utf-8"))
    head = text[: text.index("\nIntroduction\n")]
    assert head.startswith(paper["title"])
    names = [f"{author['given']} {author['family']}" for author in paper["authors"]]
    positions = [head.index(name) for name in names]
    assert positions == sorted(positions)
    assert f'", {paper["container"]}, Vol. ahead-of-print' in head
    assert f"Komunda, M.B. ({paper['year']})" in head
    assert f"https://doi.org/{paper['doi']}" in head
    assert f"Publisher\n\n:\n\n{paper['publisher']}" in head
    assert paper["licence"]["url"] in head
    for table in paper["tables"].values():
        assert (FOLDER / table["file"]).is_file()


def test_what_the_text_announces_is_printed(text):
    rows = rows_of(TABLES / "enumerations.csv")
    words = {
        "network types": "types",
        "steps of the analysis": "step",
        "themes of the analysis": "themes",
        "periods of the Gold Award": "Gold",
    }
    body = body_of(text).replace("-step", " step")
    assert {row["Enumeration"] for row in rows} == set(words)
    for row in rows:
        assert printed_beside(body, row["Announced"], words[row["Enumeration"]])
    for row in rows:
        assert row["Item"].lower() in body.lower()


def test_pages_quoted_from_a_reference_are_printed(text):
    references = printed_references(text)
    for row in rows_of(TABLES / "quoted_pages.csv"):
        first, year = re.match(r"(\w+).* \((\d+)\)", row["Citation"]).groups()
        assert re.search(rf"{first}[^();]*[ (]{year}, p\. {row['Page']}\)", body_of(text))
        (entry,) = [
            line
            for line in references.splitlines()
            if line.startswith(first)
            and f"({year})" in line
            and row["Pages of the reference"] in line
        ]
        assert f", {row['Pages of the reference']}." in entry


def test_the_themes_of_the_analysis_head_the_discussion(text):
    headings = ("FPX’s internationalization strategy", "Interaction parties")
    headings += ("Relationship atmosphere", "Acquisition of knowledge in networking")
    discussion = between(text, "\nDiscussion\n", "\nConcluding remarks")
    found = [line for line in discussion.split("\n") if line and len(line) < 80]
    assert len(found) == 5  # the heading of the section and those below it
    rows = [
        row for row in rows_of(TABLES / "enumerations.csv") if row["Enumeration"].startswith("them")
    ]
    for row, heading, line in zip(rows, headings, found[1:], strict=True):
        assert line.startswith(heading)
        assert row["Item"] in heading.lower()


def test_the_dates_of_the_paper_are_those_of_its_front_matter(text):
    published, cited, copyrighted = (row["Date"] for row in rows_of(TABLES / "publication.csv"))
    assert f"\nArticle publication date: {published}\n" in text
    assert f"Komunda, M.B. ({cited}), " in text
    assert f"\nCopyright © {copyrighted}, " in text


def test_titles_with_a_citation_stand_in_the_findings_and_in_the_list(text):
    findings = between(body_of(text), "\nFindings\n", "\nDiscussion\n")
    rows = rows_of(TABLES / "cited_titles.csv")
    assert [(row["Title in the text"], row["Citation"]) for row in rows] == re.findall(
        r"“([A-Z][^”]+)” \(([^)]+)\)", findings
    )
    for row in rows:
        authors, _, year = row["Citation"].rpartition(", ")
        first = authors.split(" & ")[0]
        entries = [
            line
            for line in printed_references(text).splitlines()
            if line.startswith(first) and f"({year}). " in line
        ]
        assert len(entries) == 1
        assert f"({year}). {row['Title in the list']}. " in entries[0]
