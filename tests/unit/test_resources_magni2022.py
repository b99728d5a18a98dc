"""The folder of Magni, Chierici, Fait and Lefebvre against the text of the paper."""

import re

import pytest
import yaml
from transcription import (
    ROOT,
    between,
    cells,
    citation_problems,
    listed_problems,
    printed_beside,
    reference_problems,
    rows_of,
    text_of,
)

from retrace.printed.numbers import Printed

FOLDER = ROOT / "resources" / "papers" / "magni2022"
CONSTRUCTS = ["customer", "market", "economic", "risk", "readiness"]
# Years of the body that belong to no citation, in order; those of Table 1 follow.
FOUNDING_YEARS_AND_LAW = ["1924", "1990", "1992"]
SURVEY = ["2019"]


@pytest.fixture(scope="module")
def text():
    return text_of("magni2022.txt")


@pytest.fixture(scope="module")
def printed_rows(text):
    """Rows of every table of the text, less emphasis; they alone hold tabs."""
    lines = [re.sub(r"</?i>", "", line) for line in text.splitlines() if "\t" in line]
    return [line.split("\t") for line in lines]


def block(rows, heading, count):
    """The `count` rows under the row that starts with `heading`."""
    start = next(i for i, row in enumerate(rows) if row[: len(heading)] == heading)
    return rows[start + 1 : start + 1 + count]


def table(number):
    return cells(FOLDER / "tables" / f"table{number}.csv")


def test_table_1_is_the_printed_one_heading_included(printed_rows):
    start = next(i for i, row in enumerate(printed_rows) if row[:2] == ["Sector", "Consortium"])
    assert len(table(1)) == 1 + 11  # the abstract counts 11 consortia
    assert table(1) == printed_rows[start : start + 12]


def test_table_2_is_the_printed_one_with_its_section_headings_in_a_column(printed_rows):
    section, expected = None, []
    for label, percentage in block(printed_rows, ["Respondents (n = 300)"], 10):
        if percentage:
            expected.append([section, label, percentage])
        else:
            section = label
    assert len(expected) == 7
    assert table(2)[1:] == expected


def test_table_3_is_the_printed_one(printed_rows):
    assert table(3) == [
        ["Measures", "References"],
        *block(printed_rows, ["Measures", "References"], 5),
    ]


def test_table_4_is_the_printed_lower_triangle(printed_rows):
    rows = table(4)
    assert rows[0] == ["construct", *CONSTRUCTS]
    assert [row[0] for row in rows[1:]] == CONSTRUCTS
    assert [row[1:] for row in rows[1:]] == [
        row[1:] for row in block(printed_rows, ["Measures", "(1)"], 5)
    ]


def test_every_correlation_of_table_4_is_a_printed_number():
    for i, row in enumerate(table(4)[1:]):
        assert [Printed.parse(cell).text for cell in row[1 : i + 2]] == row[1 : i + 2]
        assert row[i + 2 :] == [""] * (4 - i)


def test_table_5_is_the_printed_one(printed_rows):
    rows = table(5)
    assert rows[0] == ["term", "b", "t", "p", "vif"]
    assert [row[0] for row in rows[1:]] == CONSTRUCTS[:4]
    assert [row[1:] for row in rows[1:]] == [
        row[1:] for row in block(printed_rows, ["Hypothesis"], 4)
    ]


def test_labels_of_the_constructs_head_the_rows_of_table_3():
    study = yaml.safe_load((FOLDER / "paper.yaml").read_text(encoding="utf-8"))["study"]
    labels = [construct["label"] for construct in study["constructs"].values()]
    assert list(study["constructs"]) == CONSTRUCTS
    assert labels == [row[0] for row in table(3)[1:]]


def test_facts_of_the_paper_stand_in_its_text(text):
    paper = yaml.safe_load((FOLDER / "paper.yaml").read_text(encoding="utf-8"))
    head = text[: text.index("1. Introduction")]
    assert paper["title"] in head
    for author in paper["authors"]:
        assert f"{author['given']} {author['family']}" in head
    assert f"\nKeywords {', '.join(paper['keywords'])}\n" in head
    assert f"Published by {paper['publisher']}." in text
    assert paper["licence"]["url"] in text
    assert f"{paper['study']['n']} valid questionnaires" in head
    assert "seven-point Likert scale" in text
    assert paper["study"]["scale"] == {"min": 1, "max": 7}
    durbin_watson = paper["study"]["models"]["full"]["durbin_watson"]
    assert f"DW = {durbin_watson}\n" in text
    assert f"Durbin–Watson test is {durbin_watson}." in text


def lists(text):
    """The reference list and the further reading, each from the line end before its first entry."""
    references = between(text, "\nReferences\n", "\nFurther reading\n")
    further = between(text, "\nFurther reading\n", "\nAbout the authors\n")
    return references[len("\nReferences") :], further[len("\nFurther reading") :]


@pytest.mark.parametrize(
    ("place", "name", "count"), [(0, "references.txt", 169), (1, "further_reading.txt", 1)]
)
def test_references_are_the_printed_ones_in_their_order(text, place, name, count):
    transcribed = (FOLDER / name).read_text(encoding="utf-8")
    assert transcribed.count("\n") == count  # as the paper's description counts them
    assert reference_problems(lists(text)[place], transcribed) == []


def test_an_altered_or_missing_reference_is_noticed(text):
    lines = (FOLDER / "references.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    assert reference_problems(lists(text)[0], "".join(lines[1:])) != []
    lines[60] = lines[60].replace(", Vol. ", ", Vol. 1")
    assert reference_problems(lists(text)[0], "".join(lines)) != []


@pytest.fixture(scope="module")
def body(text):
    """Everything before the reference list, less markup of the tables; `2017a, b` written out."""
    body = re.sub(r"</?i>", "", text[: text.index("\nReferences\n")])
    return re.sub(r"(\d{4})a, b(?!\w)", r"\1a, \1b", body)


@pytest.fixture(scope="module")
def other_years():
    founded = [cell for row in table(1)[1:] for cell in row[2:4]]
    return FOUNDING_YEARS_AND_LAW + SURVEY + founded


def test_citations_are_the_author_year_mentions_of_the_text(body, other_years):
    assert citation_problems(body, rows_of(FOLDER / "citations.csv"), other_years) == []


@pytest.mark.parametrize("number", [0, 60, -1])
def test_a_wrong_count_or_year_or_a_missing_citation_is_noticed(body, other_years, number):
    citations = rows_of(FOLDER / "citations.csv")
    kept = citations[number]
    citations[number] = kept | {"mentions": str(int(kept["mentions"]) + 1)}
    assert citation_problems(body, citations, other_years) != []
    citations[number] = kept | {"year": str(int(kept["year"]) - 1)}
    assert citation_problems(body, citations, other_years) != []
    del citations[number]
    assert citation_problems(body, citations, other_years) != []


def test_citations_are_listed_but_for_the_spellings_that_differ():
    # The list prints Davcik, Hänell, Arain, Dalmero, O'Reilly with a straight mark, and Scuotto.
    references = (FOLDER / "references.txt").read_text(encoding="utf-8")
    assert listed_problems(rows_of(FOLDER / "citations.csv"), references) == [
        "Davicik and Sharma 2016",
        "Hånell et al. 2020",
        "Araim et al. 2019",
        "Dalmoro 2013",
        "O’Reilly et al. 2003",
        "O’Reilly and Haines 2004",
        "Scutto et al. 2017a",
        "Scutto et al. 2017b",
    ]


def column(name, heading):
    return [row[heading] for row in rows_of(FOLDER / "tables" / f"{name}.csv")]


def test_questionnaires_are_counted_as_section_4_and_the_others_print_them(text):
    sentences = (
        r"pilot survey on ([\d,]+) firms",
        r"([\d,]+) questionnaires were sent",
        r"([\d,]+) questionnaires were collected",
        r"of which ([\d,]+) were properly completed",
        r"([\d,]+) valid questionnaires",
        r"a sample of ([\d,]+) SMEs",
        r"Respondents \(<i>n</i> = ([\d,]+)\)",
    )
    assert column("survey", "Count") == [re.search(sentence, text)[1] for sentence in sentences]


def test_sectors_are_those_of_the_first_criterion(text):
    named = re.search(r"agro-food areas in the Italian economic context: ([^(]+) \(", text)[1]
    assert column("sectors", "Sector") == re.split(r", (?:and )?", named)


def test_results_are_those_of_section_5(text):
    printed = re.findall(
        r"\(\$B = (-?[\d.]+)\$?, \$?t\\text\{-value\} = (-?[\d.]+)\$?, \$?p = ([\d.]+)\$\)", text
    )
    rows = rows_of(FOLDER / "tables" / "results.csv")
    assert [row["term"] for row in rows] == CONSTRUCTS[:4]
    assert [(row["b"], row["t"], row["p"]) for row in rows] == printed


def test_diagnostics_are_those_of_section_5_and_table_5(text):
    printed = re.search(r"\(VIF\) < (\d)", text)[1]
    assert column("diagnostics", "Value") == [
        re.search(r"Durbin–Watson test is ([\d.]+)\.", text)[1],
        re.search(r"DW = ([\d.]+)", text)[1],
        printed,
    ]


def test_signs_of_the_hypotheses_are_those_of_sections_3_and_4_and_table_5(text):
    rows = rows_of(FOLDER / "tables" / "hypotheses.csv")
    assert [row["term"] for row in rows] == CONSTRUCTS[:4]
    stated = re.findall(r"^(?:- )?(H\d)\. [^\n]*?\b(positively|negatively)\b", text, re.M)
    assert [(row["Hypothesis"], row["Section 3"]) for row in rows] == stated
    equations = re.findall(r"\$\$(H\d)\. .*?\\beta_0 ([+-]) \\beta_1", text)
    assert [(row["Hypothesis"], row["Section 4.4"]) for row in rows] == equations
    expected = re.findall(r"^(H\d): .*?(\([+-]\))\t", text, re.M)
    assert [(row["Hypothesis"], row["Table 5"]) for row in rows] == expected
    assert re.search(r"H1, H2, H3 and H4\b[^.]*\bsupported", text)
    assert column("hypotheses", "Section 5") == ["supported"] * 4


def test_lists_are_counted_with_the_words_of_the_text(text):
    words = (
        "types", "hypotheses", "different", "approaches", "elements", "basically", "different",
        "specific", "areas",
    )  # fmt: skip
    counts = column("enumerations", "Count")
    assert len(counts) == len(words)
    for count, word in zip(counts, words, strict=True):
        assert printed_beside(text, count, word)
        assert not printed_beside(text, f"{count}teen", word)


def test_cited_pages_are_those_of_the_quotations_and_of_the_references(text):
    for row in rows_of(FOLDER / "tables" / "cited_pages.csv"):
        assert f"({row['Citation']}, {row['Year']}, p. {row['Page']})" in text
        family = row["Citation"].split(" and ")[0]
        (reference,) = (
            line
            for line in text.splitlines()
            if line.startswith(f"- {family}")
            if row["Year"] in line
        )
        assert f"pp. {row['First page']}-{row['Last page']}," in reference


def test_areas_of_knowledge_are_named_in_their_sections_in_this_order(text):
    rows = rows_of(FOLDER / "tables" / "areas.csv")
    for section, following in (("6. Discussions", "7."), ("8. Managerial", "9.")):
        part = between(text, f"\n{section}", f"\n{following} ")
        named = part[part.index("three specific areas" if section[0] == "6" else "three areas") :]
        areas = [row["Area"] for row in rows if row["Section"] == section[0]]
        assert areas == sorted(areas, key=named.index)
        assert all(named.index(area) < 400 for area in areas)
        assert len(areas) == 3
