"""The folder of hu2024 against the text of the paper, cell by cell."""

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
    unmarked,
)

FOLDER = ROOT / "resources" / "papers" / "hu2024"
TABLES = FOLDER / "tables"

# Years of the body that date an event, in order of appearance.
OTHER_YEARS = ["2001", "2023", "2022", "2020", "2023"]

INTERVIEW_TABLES = [("table1", "Key informant"), ("table2", "Consumer")]

# A word that stands beside each count of `interviews.csv` in section 3; an article stands for the
# one consortium.
COUNTS = {
    "interviews": "interviews",
    "professionals": "professionals",
    "consumers": "consumers",
    "wine SMEs": "SMEs",
    "managers of Chinese digital platforms": "managers",
    "Chinese wine importers": "importers",
    "Italian governmental institutions": "governmental",
    "Italian consultancy companies and intermediaries": "consultancy",
    "trade exhibition company": "exhibition",
    "wine consortium": "consortium",
}


@pytest.fixture(scope="module")
def text():
    return text_of("hu2024.txt")


@pytest.fixture(scope="module")
def citations():
    return rows_of(FOLDER / "citations.csv")


def body_of(text: str) -> str:
    return text[: text.index("\nReferences\n")]


def printed_references(text: str) -> str:
    return between(text, "\nReferences\n", "\nCorresponding author\n")[len("\nReferences") :]


def tab_separated(text: str, heading: str) -> list[list[str]]:
    """A table that the text prints as tab-separated lines."""
    return [line.split("\t") for line in between(text, f"\n{heading}\t", "\n\n")[1:].split("\n")]


def table_problems(text: str, heading: str, rows: list[dict[str, str]]) -> list[str]:
    head, *printed = tab_separated(text, heading)
    transcribed = [list(row.values()) for row in rows]
    problems = [] if list(rows[0]) == head else [f"header {list(rows[0])}, printed {head}"]
    if len(printed) != len(transcribed):
        problems.append(f"{len(transcribed)} rows, {len(printed)} printed")
    return problems + [
        f"{mine}, printed {theirs}"
        for mine, theirs in zip(transcribed, printed, strict=False)
        if mine != theirs
    ]


@pytest.mark.parametrize(
    ("table", "heading"), [("table1", "Key informant"), ("table2", "Consumer")]
)
def test_every_cell_of_the_interview_tables_is_printed(text, table, heading):
    rows = rows_of(TABLES / f"{table}.csv")
    assert table_problems(text, heading, rows) == []


@pytest.mark.parametrize(
    ("table", "heading"), [("table1", "Key informant"), ("table2", "Consumer")]
)
def test_an_altered_cell_or_a_missing_row_is_noticed(text, table, heading):
    rows = rows_of(TABLES / f"{table}.csv")
    for number, row in enumerate(rows):
        for column in row:
            altered = [dict(other) for other in rows]
            altered[number][column] += "0"
            assert len(table_problems(text, heading, altered)) == 1
    assert table_problems(text, heading, rows[:-1]) != []


def test_table_3_names_the_printed_themes_and_speakers_in_order(text):
    rows = rows_of(TABLES / "table3.csv")
    printed = between(text, "Second-order themes\tSelected evidence", "\n4.1 Digital platforms")
    speakers = re.findall(r"\(((?:Key informant|Consumer) \w+)\)</p>", printed)
    assert [row["Selected evidence on first-order codes"] for row in rows] == speakers
    themes = re.findall(r"^([^\t\n]+)\t", printed, flags=re.MULTILINE)
    themes = [re.sub(r"</?i>", "", theme) for theme in themes if theme != "Second-order themes"]
    assert list(dict.fromkeys(row["Second-order themes"] for row in rows)) == themes


def test_each_theme_of_table_3_keeps_its_own_speakers(text):
    # The row on intermediaries also holds the evidence of the empty row on swift guanxi.
    rows = rows_of(TABLES / "table3.csv")
    printed = between(text, "Second-order themes\tSelected evidence", "\n4.1 Digital platforms")
    for line in printed.split("\n"):
        theme, _, cell = line.partition("\t")
        speakers = re.findall(r"\(((?:Key informant|Consumer) \w+)\)</p>", cell)
        if not speakers:
            continue
        themes = {theme}
        if theme == "Education of intermediaries":
            themes.add("Swift guanxi educates consumers and affects their purchase decision")
        assert speakers == [
            row["Selected evidence on first-order codes"]
            for row in rows
            if row["Second-order themes"] in themes
        ]


def test_the_themes_of_section_4_stand_under_their_dimension(text):
    plain = unmarked(text).replace("’", "'")
    for row in rows_of(TABLES / "themes.csv"):
        heading = f"\n{row['Section']} {row['Aggregate dimension']}\n"
        section = between(
            plain, heading, "\n\n5. Discussion" if row["Section"] == "4.3" else "\n4."
        )
        assert row["Second-order theme"] in section[:900]


def test_the_interviews_counted_in_section_3_are_printed(text):
    rows = rows_of(TABLES / "interviews.csv")
    section = between(text, "\n3. Methodology\n", "\nKey informant\t")
    assert [row["Interviewed"] for row in rows] == list(COUNTS)
    for row in rows:
        word = COUNTS[row["Interviewed"]]
        assert printed_beside(section, row["Count"], word)
        assert not printed_beside(section, f"{row['Count']}0", word)


def test_the_105_references_are_printed_in_order(text):
    transcribed = (FOLDER / "references.txt").read_text(encoding="utf-8")
    assert transcribed.count("\n") == 105
    assert reference_problems(printed_references(text), transcribed) == []


def test_an_altered_missing_or_moved_reference_is_noticed(text):
    transcribed = (FOLDER / "references.txt").read_text(encoding="utf-8")
    printed = printed_references(text)
    lines = transcribed.splitlines(keepends=True)
    assert reference_problems(printed, transcribed.replace("pp. 909-924", "pp. 909-925"))
    assert reference_problems(printed, "".join(lines[:50] + lines[51:]))
    assert reference_problems(printed, "".join([lines[1], lines[0], *lines[2:]]))


def test_every_author_year_mention_is_counted(text, citations):
    assert citation_problems(body_of(text), citations, OTHER_YEARS) == []
    assert sum(int(row["mentions"]) for row in citations) == 209


def test_an_altered_or_missing_citation_is_noticed(text, citations):
    body = body_of(text)
    for number in (0, 70, len(citations) - 1):
        row = citations[number]
        one_more = [*citations[:number], {**row, "mentions": str(int(row["mentions"]) + 1)}]
        assert citation_problems(body, [*one_more, *citations[number + 1 :]], OTHER_YEARS)
    assert citation_problems(body, citations[1:], OTHER_YEARS)
    assert citation_problems(body, [citations[1], citations[0], *citations[2:]], OTHER_YEARS)


def test_every_citation_has_a_reference_but_for_a_second_spelling(citations):
    references = (FOLDER / "references.txt").read_text(encoding="utf-8")
    # The list prints Hänell; the body also prints Hånell.
    assert listed_problems(citations, references) == ["Hånell et al. 2021"]


def test_the_papers_own_facts_are_printed(text):
    paper = yaml.safe_load((FOLDER / "paper.yaml").read_text(encoding="utf-8"))
    head = unmarked(text[: text.index("1. Introduction")])
    assert paper["title"] in head
    names = [f"{author['given']} {author['family']}" for author in paper["authors"]]
    positions = [head.index(name) for name in names]
    assert positions == sorted(positions)
    assert f"Keywords {', '.join(paper['keywords'])}" in head
    for table in paper["tables"].values():
        assert (FOLDER / table["file"]).is_file()


# A word beside which the text announces how many items follow; the implications announce none.
ANNOUNCED = {
    "reasons to study China": "reasons",
    "contributions, introduction": "contributions",
    "disadvantages of foreignness": "disadvantages",
    "aspects of digital platforms": "aspects",
    "components of guanxi": "elements",
    "topics of the interview protocol": "topics",
    "stages of coding": "stages",
    "aggregate dimensions": "dimensions",
    "themes of dimension 1": "Accordingly",
    "themes of dimension 2": "themes",
    "themes of dimension 3": "considers",
    "stages of adoption": "encompassing",
}
# A word by which each repeated quotation is found.
FOUND_BY = {
    "consumers are kept informed of news": "showcase",
    "group chats are trusted more": "afraid",
    "the importer handles online sales": "handles",
    "support with official accounts": "opening",
    "projects with Chinese marketplaces": "flagship",
    "mini-program of a chamber": "beverage",
    "registration required by a new law": "registration",
    "difficulties with language and trust": "maintaining",
    "education page about Italian brands": "brands",
    "short videos teach wine": "introducing",
    "promotion by social commerce": "variety",
    "purchase by sales volume and known brands": "scrolling",
    "investment and training during a trade war": "Australia",
    "tastings and fairs": "Decanter",
    "belonging to a group and influencers": "undeniably",
    "local rather than national opinion leaders": "bloggers",
    "campaign with opinion leaders": "inbound",
    "an opinion leader followed on Bilibili": "Bilibili",
    "influencers sell all kinds of products": "powerful",
    "bottles sold by live streaming": "bottles",
    "more knowledge, higher demand": "terroirs",
}
SPEAKER = r"(?:Key informant \d+|Consumer [A-F])"


def test_what_the_text_announces_is_printed(text):
    rows = rows_of(TABLES / "enumerations.csv")
    announced = {row["Enumeration"]: row["Announced"] for row in rows if row["Announced"]}
    body = unmarked(body_of(text))
    assert set(announced) == set(ANNOUNCED)
    for name, count in announced.items():
        assert printed_beside(body, count, ANNOUNCED[name])
        assert not printed_beside(body, f"{count}0", ANNOUNCED[name])


def test_places_are_given_in_the_sections_noted(text):
    plain = unmarked(body_of(text))
    for row in rows_of(TABLES / "places.csv"):
        section = plain[plain.index(f"\n{row['Section']} ") :]
        what = "dimension" if row["Among"] == "aggregate dimensions" else "theme"
        assert re.search(rf"\b{row['Place']} [\w-]+ {what}", section[:9000])


def test_pages_quoted_from_a_reference_are_printed(text):
    for row in rows_of(TABLES / "quoted_pages.csv"):
        citation = row["Citation"].replace(" (", ", ").rstrip(")")
        assert f"({citation}, p. {row['Page']})" in unmarked(text)
        assert f"pp. {row['Pages of the reference']}" in printed_references(text)


def speakers_at(part: str, words: str) -> set[str]:
    """Who is named as the speaker behind some words, and who is the last to be named before."""
    place = part.index(words)
    behind = re.search(rf"\(({SPEAKER})\)", part[place:])
    before = re.findall(SPEAKER, part[:place])
    return {behind[1] if behind else "", before[-1] if before else ""}


def test_repeated_quotations_have_the_printed_speakers_and_themes(text):
    rows = rows_of(TABLES / "attributions.csv")
    table = between(text, "Second-order themes\tSelected evidence", "\n4.1 Digital platforms")
    sections = unmarked(between(text, "\n4.1 Digital platforms in", "\nReferences\n"))
    assert {row["Statement"] for row in rows} == set(FOUND_BY)
    for row in rows:
        words = FOUND_BY[row["Statement"]]
        assert row["Speaker in the text"] in speakers_at(sections, words)
        rest = table[table.index(words) :]
        assert re.search(rf"\(({SPEAKER})\)</p>", rest)[1] == row["Speaker in Table 3"]


def test_the_speakers_of_each_section_are_named_there_in_this_order(text):
    plain = unmarked(body_of(text))
    sections = re.split(r"\n(\d(?:\.\d)?)\.? (?=[A-Z])", plain)
    named = [
        (number, speaker)
        for number, section in zip(sections[1::2], sections[2::2], strict=True)
        if number > "4"
        for speaker in re.findall(SPEAKER, re.sub(r"(?m)^.*\t.*$", "", section))
    ]
    rows = rows_of(TABLES / "text_speakers.csv")
    assert [(row["Section"], row["Speaker"]) for row in rows] == named


def test_the_years_of_figures_stand_in_the_text_and_in_the_titles_of_their_sources(text):
    for row in rows_of(TABLES / "source_years.csv"):
        (entry,) = (
            line
            for line in printed_references(text).splitlines()
            if line.startswith(f"- {row['Source']},")
        )
        assert f"in {row['In the title']}, by country" in entry
        section = unmarked(body_of(text)).partition(f"\n{row['Section']}")[2]
        citation = row["Source"].replace(" (", r",? \(?").replace(")", r"\)")
        year = f"in {row['In the text']}"
        assert re.search(rf"{citation}[^.]*{year}|{year}[^.]*{citation}", section)


def test_the_first_and_last_months_of_the_interviews_are_printed(text):
    total = rows_of(TABLES / "interviews.csv")[0]
    assert f"between {total['From']} and {total['To']}" in text


def test_another_speaker_is_noticed(text):
    sections = unmarked(between(text, "\n4.1 Digital platforms in", "\nReferences\n"))
    assert "Key informant 2" not in speakers_at(sections, FOUND_BY["tastings and fairs"])


def test_numbers_in_repeated_quotations_are_printed_in_both_places(text):
    table = between(text, "Second-order themes\tSelected evidence", "\n4.1 Digital platforms")
    sections = unmarked(between(text, "\n4.1 Digital platforms in", "\nReferences\n"))
    patterns = {
        "bottles sold in one live stream": r"([\d,]+) bottles",
        "hours of that live stream": r"(\w+) hours",
        "years since a virtual store was begun": r"(\w+) years ago",
        "Italian pavilions begun": r"(\w+) Italian pavilions",
        "platforms with a pavilion": r"these (\w+) platforms",
        "Italian brands on a marketplace page": r"(\d+) Italian brands",
        "e-commerce projects with WeChat": r"(\w+) with WeChat",
        "e-commerce projects on JD.com": r"(\w+) on JD\.com",
        "month since which a campaign runs": r"Since (\w+), we have",
        "rank of the social media of that campaign": r"(\w+ \w+) social media, using",
        "rank of the bars that an opinion leader visits": r"rank (\w+)",
    }
    for row in rows_of(TABLES / "quoted_numbers.csv"):
        pattern = patterns[row["Quantity"]]
        assert re.findall(pattern, sections) == [row["In the text"]]
        assert re.findall(pattern, table) == [row["In Table 3"]]


def test_informants_are_described_in_the_text(text):
    sections = unmarked(between(text, "\n4.1 Digital platforms in", "\nReferences\n"))
    for row in rows_of(TABLES / "described.csv"):
        near = [
            sections[max(match.start() - 500, 0) : match.end() + 120]
            for match in re.finditer(rf"{row['Speaker']}\b", sections)
        ]
        assert any(row["Described as"] in part for part in near)
