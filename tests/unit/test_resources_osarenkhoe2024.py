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

# Where the section on data collection prints each count of the tables.
INTERVIEWS = {
    ("key managers and officials", ""): r"with (\w+) key managers and officials",
    ("inwardly internationalized member firms", ""): r"(\w+) “inwardly” and",
    ("outwardly internationalized member firms", ""): r"(\w+) “outwardly” internationalized member",
    ("participants of roundtable discussions", ""): r"discussions involving (\w+) participants",
    (
        "cluster initiative leaders and regional network members",
        "two",
    ): r"two rounds of 2-h talks with (\w+) cluster initiative leaders and regional network",
    (
        "regional innovation system members, by Microsoft Teams",
        "third",
    ): r"a third round of interviews with (\w+) regional innovation system members via Microsoft",
}
TOTALS = {
    "total": ("", "", r"we conducted (\d+) interviews – 48 face"),
    "face-to-face": ("2017", "2019", r"(\d+) face-to-face between 2017 and 2019"),
    "online": ("March 2022", "March 2022", r"(\d+) post-Covid’s online via .* in March 2022"),
}
RESPONDENTS = {
    "key informants": r"included (\w+) key informants",
    "SMEs represented": r"representatives from (\w+) SMEs",
    "members of regional innovation systems": r"(\w+) members of regional innovation systems",
    "process leaders from regional and local networks": r"(\w+) process leaders from regional",
}
EVENTS = [
    r"its establishment in (\d+)",
    r"internationalization strategy dates to (\d+)",
    r"As of (\d+), its stated vision for spin-offs",
    r"European Cluster Manager of the Year in (\d+)",
    r"Gold Award for both (\d+)–(\d+) and",
    r"Gold Award for both \d+–\d+ and (\d+)–(\d+)",
    r"status of a Digital Innovation Hub by the EU in (\d+)",
    r"In (\d+), the EU named it a Digital Innovation Hub",
    r"The project concluded in (\d+)",
    r"Joining TRIIP in (\d+), InCoax",
    r"In (May \d+), they attended the SIAL Exhibition",
]


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
    for row, pattern in zip(rows, EVENTS, strict=False):
        part = findings
        if row["Section"] != "Findings":
            part = between(text, f"\n{row['Section']}\n", "\nAcquisition of knowledge in")
        found = re.findall(pattern, part)
        printed = [found[0]] if found and isinstance(found[0], str) else list(*found)
        if printed != [cell for cell in (row["From"], row["To"]) if cell]:
            problems.append(f"{row}, printed {printed}")
    return problems


def count_problems(text: str, rows: list[dict[str, str]], patterns: dict, *keys: str) -> list[str]:
    """Rows that are not what the section on data collection prints."""
    section = between(text, "\nData collection\n", "\nAdditional methodological")
    transcribed = {
        tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]: [row["Count"]]
        for row in rows
    }
    found = {name: re.findall(pattern, section) for name, pattern in patterns.items()}
    return [
        f"{name}: {transcribed.get(name)}, printed {found.get(name)}"
        for name in [*found, *(name for name in transcribed if name not in found)]
        if transcribed.get(name) != found.get(name)
    ]


def test_the_groups_interviewed_are_printed(text):
    rows = rows_of(TABLES / "interviews.csv")
    assert count_problems(text, rows, INTERVIEWS, "Group", "Rounds") == []


def test_the_interviews_by_mode_are_printed(text):
    rows = rows_of(TABLES / "totals.csv")
    patterns = {(name, start, end): pattern for name, (start, end, pattern) in TOTALS.items()}
    assert count_problems(text, rows, patterns, "Interviews", "From", "To") == []


def test_the_respondents_by_kind_are_printed(text):
    rows = rows_of(TABLES / "respondents.csv")
    assert count_problems(text, rows, RESPONDENTS, "Respondents") == []


def test_an_altered_count_is_noticed(text):
    rows = rows_of(TABLES / "respondents.csv")
    for number, row in enumerate(rows):
        altered = [dict(other) for other in rows]
        altered[number]["Count"] = row["Count"] + "0"
        assert count_problems(text, altered, RESPONDENTS, "Respondents") != []


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
    announced = {row["Enumeration"]: row["Announced"] for row in rows}
    patterns = {
        "steps of the analysis": r"followed a (\w+)-step process",
        "variables of the interaction approach, as themes": r"generate (\w+) themes",
        "periods of the Gold Award": r"Gold Award for (\w+) 2013",
    }
    body = body_of(text)
    assert announced == {
        name: "".join(re.findall(pattern, body)) for name, pattern in patterns.items()
    }
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
