"""The folder of Puthusserry, Khan, Knight and Miller against the two copies of the paper."""

import re

import pytest
import yaml
from transcription import ROOT, cells, citation_problems, rows_of, text_of

FOLDER = ROOT / "resources" / "papers" / "puthusserry2020"
GEOGRAPHIC = "Geographic diversification"
PENETRATION = "Product diversification—market penetration (exploitation)"
DEVELOPMENT = "Product diversification—product development (exploration)"


@pytest.fixture(scope="module")
def archive():
    return text_of("puthusserry2020-archive.txt")


@pytest.fixture(scope="module")
def publisher():
    return text_of("puthusserry2020-publisher.txt")


def table(number):
    return cells(FOLDER / "tables" / f"table{number}.csv")


def solid(text):
    """Text without the spaces, line ends and hyphens that the copies add or lose."""
    return re.sub(r"[\s-]", "", text)


def run_together(archive, label, end):
    """The text of a table of the archive copy, without spaces."""
    start = archive.index(label)
    return solid(archive[start + len(label) : archive.index(end, start)])


@pytest.mark.parametrize(
    ("number", "label", "end"),
    [(1, "Table 1 Company profile ", "(11)"), (2, "Table 2 Personal profile ", "(12)")],
)
def test_cells_run_together_are_the_archive_copy(archive, number, label, end):
    rows = table(number)
    assert len(rows) == 1 + 10  # section 3 counts ten firms
    assert solid("".join("".join(row) for row in rows)) == run_together(archive, label, end)


def test_every_split_of_table_1_is_plausible():
    for row in table(1)[1:]:
        employees, turnover, share, founded, exported = row[2:7]
        assert re.fullmatch(r"[1-9]\d?", employees)
        assert re.fullmatch(r"[1-9]\d{0,2},\d{3}", turnover)
        assert int(employees) <= 50
        assert 3_000 <= int(turnover.replace(",", "")) / int(employees) <= 13_000
        assert 0 < int(share) <= 100
        assert 2009 <= int(founded) <= int(exported) <= 2015
        assert row[7] in {"UAE", "UK", "USA", "Thailand"}
        assert re.search(r"\d[—-] ?[A-Z]", row[8])


def other_splits(digits):
    """Every way to cut digits such as `1071,000` into a head count and a turnover."""
    head, tail = digits.split(",")
    cuts = [(head[:i], f"{head[i:]},{tail}") for i in range(1, len(head))]
    return [(n, money) for n, money in cuts if re.fullmatch(r"[1-9]\d{0,2},\d{3}", money)]


def test_notes_name_every_case_whose_digits_can_be_split_otherwise():
    notes = yaml.safe_load((FOLDER / "paper.yaml").read_text(encoding="utf-8"))["notes"]
    (note,) = (note for note in notes if note.startswith("Splits of employees and turnover"))
    for row in table(1)[1:]:
        splits = other_splits(row[2] + row[3])
        assert (row[2], row[3]) in splits
        for split in splits:
            named = f"{split[0]} and {split[1]}" in note
            assert named == (split != (row[2], row[3]))


def test_labels_of_table_3_are_the_printed_ones_in_their_order(publisher):
    text = solid(publisher[publisher.index("Coding process") :])
    position, growth, dimension = 0, "", ""
    for row in table(3)[1:]:
        if row[0] != growth:
            growth, dimension = row[0], ""
            position = text.index(solid(growth), position)
        # a dimension is printed once for the rows that it spans
        printed = row[1] + (row[2] if row[2] != dimension else "") + row[3]
        dimension = row[2]
        assert solid(printed) in text[position:]
        position = text.index(solid(printed), position) + len(solid(printed))
    assert text[position:].startswith("casefirms")  # the sentence that the table interrupts


def descriptions(publisher):
    """First column of Table 3: for each row, the text between the labels before and its own."""
    blocks = []
    for growth, following in (
        (GEOGRAPHIC, "Findings"),
        (PENETRATION, DEVELOPMENT),
        (DEVELOPMENT, " case firms"),
    ):
        start = publisher.index(f"{growth}\n") + len(growth) + 1
        part = publisher[start : publisher.index(following, start)]
        for row in table(3)[1:]:
            if row[0] == growth:
                label = r"[\s-]*".join(map(re.escape, solid(row[1])))
                match = re.search(label, part)
                blocks.append(part[: match.start()])
                learning = re.search(r"(?i)learning", part[match.end() :])
                part = part[match.end() + learning.end() :]
    return blocks


def test_table_3_counts_the_descriptions_of_each_row_and_names_their_kinds_of_knowledge(publisher):
    kinds = {"international", "market", "product", "technology"}
    blocks = descriptions(publisher)
    assert len(blocks) == 13
    for row, block in zip(table(3)[1:], blocks, strict=True):
        # a description opens with a capital at the start of a line, and its other lines do not
        assert row[4] == str(len(re.findall(r"(?m)^[A-Z]", block)))
        named = set(row[5].split("; ")) - {""}
        assert named <= kinds
        assert all(kind in solid(block).lower() for kind in named)


def test_facts_of_the_paper_stand_in_the_archive_copy(archive):
    paper = yaml.safe_load((FOLDER / "paper.yaml").read_text(encoding="utf-8"))
    head = re.sub(r"\s+", " ", archive[: archive.index("1 Introduction")])
    assert paper["title"].strip() in head
    for author in paper["authors"]:
        assert f"{author['given']} {author['family']}" in head
    cited = f"{paper['container']} {paper['volume']}({paper['issue']}), {paper['pages']}."
    assert cited in head
    assert f"({paper['year']}). How Do" in head
    assert f"https://doi.org/{paper['doi']}" in head.replace("s11575- ", "s11575-")
    assert f"Keywords {' · '.join(paper['keywords'])} *" in head
    assert paper["licence"]["url"] in head


@pytest.fixture(scope="module")
def body(publisher):
    """The publisher's text less every hyphen, because one at a line end that breaks a hyphenated
    name cannot be told from one that breaks a word."""
    text = re.sub(r"-\s*\n\s*", "", publisher).replace("-", "")
    return re.sub(r"\s+", " ", text).replace("et al (", "et al. (")


def unhyphenated(citations):
    return [row | {"citation": row["citation"].replace("-", "")} for row in citations]


def test_citations_are_the_author_year_mentions_of_the_publishers_text(body):
    citations = unhyphenated(rows_of(FOLDER / "citations.csv"))
    assert citation_problems(body, citations, []) == []


@pytest.mark.parametrize("number", [0, 40, -1])
def test_a_wrong_count_or_year_or_a_missing_citation_is_noticed(body, number):
    citations = unhyphenated(rows_of(FOLDER / "citations.csv"))
    kept = citations[number]
    citations[number] = kept | {"mentions": str(int(kept["mentions"]) + 1)}
    assert citation_problems(body, citations, []) != []
    citations[number] = kept | {"year": str(int(kept["year"]) - 1)}
    assert citation_problems(body, citations, []) != []
    del citations[number]
    assert citation_problems(body, citations, []) != []


def test_first_two_tables_hold_no_citation(archive):
    for label, end in (("Table 1 Company profile ", "(11)"), ("Table 2 Personal profile ", "(12)")):
        assert not re.search(r"etal|\((?:19|20)\d\d", run_together(archive, label, end))


def column(name, heading):
    return [row[heading] for row in rows_of(FOLDER / "tables" / f"{name}.csv")]


def test_dates_are_those_of_the_first_page(archive):
    line = re.search(
        r"Received: (.*) / Revised: (.*) / Accepted: (.*) / Published online: (.*)", archive
    )
    assert column("dates", "Date") == list(line.groups())


def test_pages_are_those_of_the_citation_and_of_the_running_head(archive, publisher):
    (row,) = rows_of(FOLDER / "tables" / "pages.csv")
    assert f"60(4), {row['First page']}-{row['Last page']}." in archive
    running = re.search(r"\n(\d{3})\n\n1 3\n\nHow Do Rapidly", publisher)[1]
    assert row["Page printed in the text"] == running


def test_propositions_are_numbered_and_announced_as_in_section_5(publisher):
    assert column("propositions", "Proposition") == re.findall(r"\nProposition (\d+):", publisher)
    announced = re.findall(
        r"our (first) proposition|our (next three) propositions|our (fifth and sixth) propositions"
        r"|the (following) propositions|our (next) proposition|following (final) proposition",
        publisher,
    )
    found = ["".join(words) for words in announced]
    assert list(dict.fromkeys(filter(None, column("propositions", "Announced as")))) == found


def test_drivers_are_those_of_propositions_2_to_4(publisher):
    words = {
        "Geographic diversification": "geographic expansion",
        "Product diversification": "product innovation",
        DEVELOPMENT: "product development",
        PENETRATION: "market penetration",
    }
    text = re.sub(r"\s+", " ", re.sub(r"-\s*\n\s*", "", publisher))
    for row in rows_of(FOLDER / "tables" / "proposed_drivers.csv"):
        stated = re.search(
            rf"Proposition {row['Proposition']}: (.*?)\. ?(?:Proposition|It also)", text
        )[1]
        assert row["Knowledge"].split(" or ")[0] in stated.lower()
        assert words[row["Growth"]] in stated


def test_sources_of_learning_stand_in_the_section_given(publisher):
    text = re.sub(r"\s+", " ", re.sub(r"-\s*\n\s*", "-", publisher))
    heads = (
        "4.1 � Geographic",
        "4.1.2 �",
        "4.2.1 �",
        "4.2.2 �",
        "4.3 �",
        "5 � Discussion",
        "5.1 �",
    )
    starts = [text.index(head) for head in heads]
    sections = {
        "4.1": text[starts[0] : starts[1]],
        "4.1.2": text[starts[1] : starts[2]],
        "4.2.1": text[starts[2] : starts[3]],
        "4.2.2": text[starts[3] : starts[4]],
        "4.3": text[starts[4] : starts[5]],
        "5": text[starts[5] : starts[6]],
    }
    for row in rows_of(FOLDER / "tables" / "sources.csv"):
        name = "5" if row["Section"].startswith("Proposition") else row["Section"]
        section = sections[name].lower().replace("-", "")
        for word in row["Source"].replace("-", "").split(" and "):
            assert word in section, row


def test_counted_lists_use_the_words_of_the_text(publisher):
    counted = (r"classi-\s*fied\s+into (\w+) categories", r"our next (\w+) propositions")
    printed = [re.search(words, publisher)[1] for words in counted]
    assert column("enumerations", "Count") == printed


def test_comparable_studies_and_their_cases_are_those_of_section_3(publisher):
    text = re.sub(r"\s+", " ", publisher)
    printed = re.findall(r"([A-Z][^,(]*? 20\d\d) used (\d+)", text)
    rows = rows_of(FOLDER / "tables" / "comparable.csv")
    stated = [(re.sub(r"^and ", "", study), cases) for study, cases in printed]
    assert [(row["Study"], row["Cases"]) for row in rows] == stated


def test_the_firms_that_explored_are_counted_as_in_section_4_3(publisher):
    (row,) = rows_of(FOLDER / "tables" / "strategies.csv")
    assert (
        f"{row['Firms']} out of {row['Of']} sampled companies used {row['Strategy']}" in publisher
    )
