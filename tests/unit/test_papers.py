"""Paper folders: what is right is read, what is wrong is named, all of it at once."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timing import seconds

from retrace.checks import check_paper
from retrace.checks.shared.record import Record
from retrace.papers import PaperError, read_folders, read_paper, read_papers
from retrace.papers.check_study import read_study
from retrace.papers.overview import refused_rows
from retrace.papers.reading import MAX_YAML_BYTES
from retrace.papers.study import Impossible, Study
from retrace.printed.numbers import Printed
from retrace.untrusted.texts import shown

RESOURCES = Path(__file__).parents[2] / "resources" / "papers"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the quantitative paper's folder, to be spoilt."""
    return Path(shutil.copytree(RESOURCES / "magni2022", tmp_path / "magni2022"))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file.name}: the test would change nothing"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").rstrip() + "\n" + text, encoding="utf-8")


def problems(folder: Path) -> list[str]:
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    return [str(problem) for problem in error.value.problems]


def test_the_four_papers_are_read():
    assert list(read_papers([RESOURCES])) == [
        "hu2024",
        "magni2022",
        "osarenkhoe2024",
        "puthusserry2020",
    ]


def test_magni2022_prints_what_its_text_prints():
    """Values from Tables 4 and 5 of the paper."""
    study = read_paper(RESOURCES / "magni2022").study
    assert study.n == 300
    assert study.names == ["customer", "market", "economic", "risk", "readiness"]
    assert study.correlation_matrix[3, 0] == 0.433
    assert study.models["full"].reported["customer"]["t"].text == "2.451"
    assert study.models["full"].durbin_watson.text == "1.951"
    assert study.models["risk_alone"].predictors == ["risk"]
    assert study.hypotheses["H4"].direction == "negative"


def test_a_study_survives_its_json_form():
    study = read_paper(RESOURCES / "magni2022").study
    assert Study.model_validate_json(study.model_dump_json()) == study


@pytest.mark.parametrize("name", ["(Constant)", "(Intercept)", "const", "_cons"])
def test_a_table_of_a_model_may_hold_the_constant(folder, name):
    append(folder / "tables/table5.csv", f"{name},1.204,3.10,0.002**,\n")
    row = read_paper(folder).study.models["full"].reported[name]
    assert {statistic: cell.text for statistic, cell in row.items()} == {
        "b": "1.204",
        "t": "3.10",
        "p": "0.002**",
    }


def test_a_printed_statistic_comes_before_an_assumed_one(folder):
    replace(folder / "paper.yaml", "sharing}\n    market", 'sharing, mean: "5.1"}\n    market')
    study = read_paper(folder).study
    printed, assumed = study.statistic("customer", "mean")
    assert (printed.text, assumed) == ("5.1", False)
    printed, assumed = study.statistic("market", "mean")
    assert (printed.text, assumed) == ("4", True)


SPOILT = {
    "a missing file": (
        lambda f: (f / "tables/table4.csv").unlink(),
        ["line 30, tables.table4.file", "study.correlations: there is no file"],
    ),
    "an unknown key": (
        lambda f: replace(f / "paper.yaml", "publisher:", "publishers:"),
        ["line 8, publishers: unknown key; did you mean 'publisher'?"],
    ),
    "a ragged row": (
        lambda f: replace(f / "tables/table5.csv", "1.950,0.052*", "1.950"),
        ["table5.csv, line 3: 4 cells, the header has 5"],
    ),
    "a pair without a correlation": (
        lambda f: replace(f / "tables/table4.csv", "0.067", ""),
        ["table4.csv: no correlation of economic with market"],
    ),
    "a number that is none": (
        lambda f: replace(f / "tables/table5.csv", "2.451", "2.45l"),
        ["table5.csv, line 2, column t: '2.45l' is not a printed number"],
    ),
    "an n of one": (
        lambda f: replace(f / "paper.yaml", "n: 300", "n: 1"),
        ["study.n: input should be greater than 1, found 1"],
    ),
    "a key twice": (
        lambda f: replace(f / "paper.yaml", "  n: 300", "  n: 300\n  n: 301"),
        ["key 'n' stands here twice"],
    ),
    "an undeclared construct in a model": (
        lambda f: replace(f / "paper.yaml", "[customer]", "[customers]"),
        ["study.models.customer_alone", "construct 'customers' is not declared"],
    ),
    "an undeclared construct in a table": (
        lambda f: replace(f / "tables/table4.csv", "\nmarket,", "\nmarkets,"),
        [
            "construct 'markets' is not declared, and is",
            "did you mean 'market'?",
            "construct 'market' is missing",
        ],
    ),
    "a hypothesis without its term": (
        lambda f: replace(f / "paper.yaml", "{term: risk,", "{term: riks,"),
        ["study.hypotheses.H4", "'riks' is not declared"],
    ),
    "a construct whose own scale is none": (
        lambda f: replace(
            f / "paper.yaml",
            "{label: Market-specific knowledge sharing}",
            "{label: Market-specific knowledge sharing, scale: {min: 5, max: 1}, unit: years}",
        ),
        ["study.constructs.market: the scale runs from 5 to 1", "has a scale and a unit"],
    ),
    "a float for a printed number": (
        lambda f: replace(f / "paper.yaml", '"1.951"', "1.951"),
        ["durbin_watson", "write it in quotes"],
    ),
    "a scale upside down": (
        lambda f: replace(f / "paper.yaml", "{min: 1, max: 7}", "{min: 7, max: 1}"),
        ["study.scale", "min must be below max"],
    ),
    "a share of variance as a percentage": (
        lambda f: replace(f / "paper.yaml", "durbin_watson:", 'r2: "5%"\n      durbin_watson:'),
        ["models.full.r2: 5% is not a share of variance"],
    ),
    "a construct key that is no variable": (
        lambda f: replace(f / "paper.yaml", "    market: {", "    self-efficacy: {"),
        ["'self-efficacy' is no construct key"],
    ),
    "a decimal comma": (
        lambda f: replace(f / "tables/table4.csv", "0.067", '"0,067"'),
        [
            "table4.csv, line 4, column market: '0,067' has its decimals behind a comma, '0.011' "
            "in line 3, column customer behind a point; a table has one decimal sign"
        ],
    ),
    "a decimal comma in the description": (
        lambda f: replace(f / "paper.yaml", '"1.951"', '"1,951"'),
        ["durbin_watson: '1,951' is 1951 or 1.951; write it so"],
    ),
    "an F that is a percentage": (
        lambda f: replace(f / "paper.yaml", "durbin_watson:", 'f: "84%"\n      durbin_watson:'),
        ["models.full.f: 84% is a percentage; write the number itself"],
    ),
    "a Durbin-Watson that is a percentage": (
        lambda f: replace(f / "paper.yaml", '"1.951"', '"1.951%"'),
        ["models.full.durbin_watson: 1.951% is a percentage"],
    ),
    "an SD of 400 digits": (
        lambda f: replace(
            f / "paper.yaml", "sharing}\n    market", f'sharing, sd: "{"1" * 400}"}}\n    market'
        ),
        ["constructs.customer.sd: '1111", "(400 characters) is not a printed number"],
    ),
    "an n beyond 64 bits": (
        lambda f: replace(f / "paper.yaml", "n: 300", f"n: {2**64}"),
        ["18446744073709551616 is beyond 64 bits"],
    ),
    "an n of 5,000 digits": (
        lambda f: replace(f / "paper.yaml", "n: 300", f"n: {'3' * 5000}"),
        ["a whole number of 5,000 characters"],
    ),
    "an n beyond mankind": (
        lambda f: replace(f / "paper.yaml", "n: 300", "n: 100000000000"),
        ["study.n: input should be less than or equal to 1000000000, found 100000000000"],
    ),
    "an octal n": (
        lambda f: replace(f / "paper.yaml", "n: 300", "n: 0300"),
        ["'0300' is 192 in YAML 1.1 and 300 in YAML 1.2"],
    ),
    "a table file with braces": (
        lambda f: (
            (f / "tables/table4.csv").rename(f / "tables/t{4}.csv"),
            (f / "paper.yaml").write_text(
                (f / "paper.yaml").read_text().replace("tables/table4.csv", '"tables/t{4}.csv"')
            ),
        ),
        ["study.correlations: 'tables/t{4}.csv' has a brace, which Snakemake reads as a wildcard"],
    ),
    "a link to itself": (
        lambda f: (
            (f / "tables/table4.csv").unlink(),
            (f / "tables/table4.csv").symlink_to(f / "tables/table4.csv"),
        ),
        ["study.correlations: "],
    ),
    "a table with semicolons": (
        lambda f: (f / "tables/table1.csv").write_text("a;b;c\n0,1;0,2;x\n1;2;x\n"),
        ["table1.csv, line 1: columns are separated by ';'; save the table with commas"],
    ),
    "a table with bars": (
        lambda f: (f / "tables/table1.csv").write_text("| a, b | c |\n|---|---|\n| 1 | 2 |\n"),
        ["table1.csv, line 1: columns are separated by '|'; save the table with commas"],
    ),
    "a table with tabs": (
        lambda f: (f / "tables/table1.csv").write_text("a\tb\n1\t2\n"),
        ["table1.csv, line 1: columns are separated by a tab; save the table with commas"],
    ),
    "a control character in a table": (
        lambda f: replace(f / "tables/table1.csv", "\n", "\x1b\n"),
        ["table1.csv, line 1, column ", "a cell has the control character U+001B; none is allowed"],
    ),
    "a control character in the description": (
        lambda f: replace(f / "paper.yaml", "publisher: ", 'volume: "a\\x07"\npublisher: '),
        ["a text has the control character U+0007; none is allowed"],
    ),
    "mentions in other digits": (
        lambda f: replace(f / "citations.csv", "2004,1", "2004,１"),
        ["mentions: '１' is no count from 1 to 999999"],
    ),
    "mentions of 5,000 digits": (
        lambda f: replace(f / "citations.csv", "2004,1", f"2004,{'1' * 5000}"),
        ["characters ...]", "is no count from 1 to 999999"],
    ),
    "a year in other digits": (
        lambda f: replace(f / "citations.csv", ",2004,1", ",２００４,1"),
        ["year: '２００４' is no year"],
    ),
    "a percentage for an assumed alpha": (
        lambda f: replace(f / "paper.yaml", '    alpha: "0.80"', '    alpha: "80%"'),
        ["study.assumptions.alpha: alpha of every construct: 80% is a percentage"],
    ),
    "a constant twice": (
        lambda f: append(f / "tables/table5.csv", "(Constant),1.2,,,\n_cons,1.2,,,\n"),
        ["table5.csv, line 7: the constant stands there twice: '_cons'"],
    ),
    "a constant with a variance inflation factor": (
        lambda f: append(f / "tables/table5.csv", "(Intercept),1.2,,,1.0\n"),
        ["line 6, column vif: '1.0': the constant has no vif; it has b, se, t, p, ci_low"],
    ),
    "a construct with a name of the constant": (
        lambda f: replace(f / "paper.yaml", "    market: {", "    constant: {"),
        ["'constant' is no construct key", "no name of a regression's constant"],
    ),
    "citations without their columns": (
        lambda f: replace(f / "citations.csv", "citation,year,mentions", "author,year,n"),
        ["citations.csv, line 1: found author,year,n, expected citation,year,mentions"],
    ),
    "a citation without a year": (
        lambda f: replace(f / "citations.csv", "Ekeledo and Sivakumar,2004,1", ",04,1"),
        ["line 2: citation: empty", "'04' is no year with its letter (2017a), n.d., in press"],
    ),
    "a table in another encoding": (
        lambda f: (f / "tables/table1.csv").write_bytes("a,b\n1,é\n".encode("latin-1")),
        ["table1.csv, line 2: not UTF-8"],
    ),
    "broken YAML": (
        lambda f: replace(f / "paper.yaml", "authors:", "authors: ["),
        ["paper.yaml, line", "not YAML"],
    ),
    "no paper.yaml": (
        lambda f: (f / "paper.yaml").unlink(),
        ["paper.yaml: there is no such file"],
    ),
    "a path out of the folder": (
        lambda f: replace(f / "paper.yaml", "tables/table4.csv", "../../../etc/passwd"),
        ["leads out of the paper's folder"],
    ),
    "an absolute path": (
        lambda f: replace(f / "paper.yaml", "tables/table4.csv", "/etc/passwd"),
        ["leads out of the paper's folder"],
    ),
    "a link out of the folder": (
        lambda f: (
            (f / "tables/table4.csv").unlink(),
            (f / "tables/table4.csv").symlink_to("/etc/passwd"),
        ),
        ["is a link out of the paper's folder"],
    ),
    "aliases that multiply": (
        lambda f: replace(f / "paper.yaml", "title:", "a: &a [x, x]\nb: [*a, *a]\ntitle:"),
        ["anchor or alias 'a'; none allowed"],
    ),
    "deep nesting": (
        lambda f: replace(
            f / "paper.yaml", "notes:", "deep: " + "[" * 500 + "]" * 500 + "\nnotes:"
        ),
        ["nested deeper than"],
    ),
    "a huge description": (
        lambda f: (f / "paper.yaml").write_text("# " + "x" * MAX_YAML_BYTES),
        ["bytes; at most"],
    ),
}


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_wrong_is_named(folder, spoil):
    change, expected = SPOILT[spoil]
    change(folder)
    found = "\n".join(problems(folder))
    for part in expected:
        assert part in found


# What a paper may print and no data have: where it stands, why it cannot be, and what is set aside.
def add_column(file: Path, name: str, cell: str) -> None:
    """A column more, with a cell in the first row."""
    header, first, *others = file.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},{name}", f"{first},{cell}", *(f"{line}," for line in others)]
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


IMPOSSIBLE = {
    "a correlation beyond 1": (
        lambda f: replace(f / "tables/table4.csv", "0.067", "1.067"),
        "tables/table4.csv, line 4, column market: correlation 1.067 is outside [-1, 1]",
        lambda study: len(study.correlations) == 9,
    ),
    "an asymmetric matrix": (
        lambda f: replace(f / "tables/table4.csv", "customer,1,,,,", "customer,1,0.5,,,"),
        "tables/table4.csv, line 2, column market and line 3, column customer: not symmetric: "
        "customer with market is 0.5, market with customer is 0.011",
        lambda study: len(study.correlations) == 9,
    ),
    "an indefinite matrix": (
        lambda f: (
            replace(f / "tables/table4.csv", "0.098", "0.98"),
            replace(f / "tables/table4.csv", "0.433**", "-0.9"),
            replace(f / "tables/table4.csv", "-0.076", "0.9"),
        ),
        "tables/table4.csv: no positive definite matrix rounds to this one: no data can have these "
        "correlations together: the matrix is indefinite, its smallest eigenvalue is -",
        lambda study: len(study.correlations) == 10 and not study.stand_in,
    ),
    "a Durbin-Watson beyond 4": (
        lambda f: replace(f / "paper.yaml", '"1.951"', '"5.951"'),
        "paper.yaml, study.models.full.durbin_watson: Durbin-Watson 5.951 is outside [0, 4]",
        lambda study: study.models["full"].durbin_watson is None,
    ),
    "a share of variance above 1": (
        lambda f: replace(f / "paper.yaml", "durbin_watson:", 'r2: "1.20"\n      durbin_watson:'),
        "paper.yaml, study.models.full.r2: R2 1.20 is outside [0, 1]",
        lambda study: study.models["full"].r2 is None,
    ),
    "a negative F": (
        lambda f: replace(f / "paper.yaml", "durbin_watson:", 'f: "-3.1"\n      durbin_watson:'),
        "paper.yaml, study.models.full.f: F -3.1 is negative",
        lambda study: study.models["full"].f is None,
    ),
    "an adjusted share of variance above 1": (
        lambda f: replace(
            f / "paper.yaml", "durbin_watson:", 'adjusted_r2: "1.01"\n      durbin_watson:'
        ),
        "paper.yaml, study.models.full.adjusted_r2: adjusted R2 1.01 is above 1",
        lambda study: study.models["full"].adjusted_r2 is None,
    ),
    "a p-value beyond 1": (
        lambda f: replace(f / "tables/table5.csv", "0.015**", "1.5**"),
        "tables/table5.csv, line 2, column p: p 1.5** is outside [0, 1]",
        lambda study: "p" not in study.models["full"].reported["customer"],
    ),
    "a variance inflation factor below 1": (
        lambda f: replace(f / "tables/table5.csv", "1.234", "0.234"),
        "tables/table5.csv, line 2, column vif: VIF 0.234 is below 1",
        lambda study: "vif" not in study.models["full"].reported["customer"],
    ),
    "a negative standard error": (
        lambda f: add_column(f / "tables/table5.csv", "se", "-0.074"),
        "tables/table5.csv, line 2, column se: standard error -0.074 is negative",
        lambda study: "se" not in study.models["full"].reported["customer"],
    ),
    "a negative SD": (
        lambda f: replace(
            f / "paper.yaml", "sharing}\n    market", 'sharing, sd: "-0.50"}\n    market'
        ),
        "paper.yaml, study.constructs.customer.sd: SD of customer: -0.50 is negative",
        lambda study: study.constructs["customer"].sd is None,
    ),
    "an alpha above 1": (
        lambda f: replace(
            f / "paper.yaml", "sharing}\n    market", 'sharing, alpha: "1.20"}\n    market'
        ),
        "paper.yaml, study.constructs.customer.alpha: alpha of customer: 1.20 is above 1",
        lambda study: study.constructs["customer"].alpha is None,
    ),
}


@pytest.mark.parametrize("printed", IMPOSSIBLE)
def test_what_is_printed_and_impossible_is_a_finding_and_set_aside(folder, printed):
    change, expected, is_aside = IMPOSSIBLE[printed]
    change(folder)
    paper = read_paper(folder)
    (found,) = paper.impossible
    assert list(paper.impossible) == paper.study.impossible
    place = f"{found.file}, {found.place}" if found.place else found.file
    assert f"{place}: {found.why}".startswith(expected)
    assert found.proven
    assert is_aside(paper.study)


def test_an_assumption_that_is_impossible_is_a_problem(folder):
    replace(folder / "paper.yaml", '    alpha: "0.80"', '    alpha: "1.80"')
    assert "alpha of every construct: 1.80 is above 1" in "\n".join(problems(folder))


def test_of_an_impossible_matrix_the_sound_parts_stay(folder):
    """Three correlations are at odds; the others are those of Table 4."""
    IMPOSSIBLE["an indefinite matrix"][0](folder)
    study = read_paper(folder).study
    assert "no positive definite matrix rounds to this one" in study.why_no_matrix()
    assert study.why_no_matrix(["customer", "market", "economic"]) == ""
    bad = ["customer", "risk", "readiness"]
    assert "customer, risk, readiness are not positive definite" in study.why_no_matrix(bad)
    assert study.correlations_of(["market", "customer"])[0, 1] == 0.011


def test_an_impossible_correlation_leaves_the_constructs_of_others(folder):
    replace(folder / "tables/table4.csv", "0.067", "1.067")
    study = read_paper(folder).study
    assert study.why_no_matrix(["market", "economic", "risk"]) == (
        "correlation of economic and market: correlation 1.067 is outside [-1, 1]"
    )
    assert study.why_no_matrix(["market", "risk"]) == ""
    assert np.isnan(study.correlations_of(["market", "economic"])[0, 1])


def with_commas(file: Path) -> None:
    """A table as a paper prints it whose decimal sign is the comma."""
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    cells = [[cell.replace(".", ",") for cell in row.split(",")] for row in rows]
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in cells]
    file.write_text("\n".join([header, *map(",".join, quoted)]) + "\n", encoding="utf-8")


def test_a_table_with_decimal_commas_is_read_and_says_so(folder):
    """The t of `2,451` is no number of thousands beside a p of `0,015`."""
    points = read_paper(folder).study
    for name in ("table4.csv", "table5.csv"):
        with_commas(folder / "tables" / name)
    paper = read_paper(folder)
    study = paper.study
    assert study.decimal_commas == ["tables/table4.csv", "tables/table5.csv"]
    # Claims read the same file in the same way.
    assert paper.claims.decimal_commas == ["table4", "table5"]
    assert paper.claims.tables["table5"][1][0][2] == "2.451"
    assert study.models["full"].reported["customer"]["t"].text == "2.451"
    assert study == points.model_copy(update={"decimal_commas": study.decimal_commas})
    assert points.decimal_commas == []


AMBIGUOUS = 'term,t\ncustomer,"2,451"\nmarket,"1,950"\neconomic,12\nrisk,"-1,968*"\n'


def test_a_table_whose_commas_may_be_either_asks(folder):
    (folder / "tables/table5.csv").write_text(AMBIGUOUS)
    found = [problem for problem in problems(folder) if "table5.csv" in problem]
    assert len(found) == 1
    assert "line 2, column t: '2,451' is 2451 or 2.451, and no number of the table" in found[0]


@pytest.mark.parametrize(("sign", "value"), [(",", 2.451), (".", 2451.0)])
def test_the_paper_says_what_the_commas_of_such_a_table_are(folder, sign, value):
    (folder / "tables/table5.csv").write_text(AMBIGUOUS)
    replace(folder / "paper.yaml", "title:", f'decimal_sign: "{sign}"\ntitle:')
    study = read_study(folder)
    assert study.models["full"].reported["customer"]["t"].value == value
    assert study.decimal_commas == (["tables/table5.csv"] if sign == "," else [])
    # Its numbers show the sign of the other table.
    assert study.correlation_matrix[3, 0] == 0.433


def test_tables_for_claims_have_decimal_commas_where_the_paper_says_so(folder):
    """`2,5` may be a list there, so nothing is read from the table itself."""
    (folder / "tables/table1.csv").write_text('a,b\n"0,98","1,968"\nx,"2,5"\n')
    message = (
        "line 28, tables.table1: column b: '2,5' has a decimal comma, and '1,968' may; say which"
    )
    found = [problem for problem in problems(folder) if "decimal comma" in problem]
    assert len(found) == 1
    assert message.split(": ", 1)[1] in found[0]
    replace(folder / "paper.yaml", "title:", 'decimal_sign: ","\ntitle:')
    try:
        claims = read_paper(folder).claims
    except PaperError as error:
        claims = error.papers[0].claims
    assert claims.tables["table1"] == (["a", "b"], [["0.98", "1.968"], ["x", "2.5"]])
    assert claims.decimal_commas == ["table1"]


def test_a_message_is_one_line_without_characters_that_a_terminal_obeys(folder):
    replace(folder / "paper.yaml", "[customer]", '["cust\\u202eomer\\u2066\\n' + "x" * 5000 + '"]')
    found = "\n".join(problems(folder))
    line = next(line for line in found.splitlines() if "cust" in line)
    assert r"cust\u202eomer\u2066\n" in line.replace("\\\\", "\\")
    assert "characters ...]" in line
    assert line.endswith("is not declared under constructs")
    assert len(line) < 1_500


def test_a_message_lists_fifty_problems_of_a_file_and_counts_the_others(folder):
    (folder / "tables/table1.csv").write_text("a,b\n" + "1\n" * 1_000)
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    assert len(error.value.problems) >= 1_000
    text = str(error.value)
    assert text.count("table1.csv") == 51
    assert "table1.csv: 950 more problems" in text
    assert "table1.csv, line 51: 1 cells" in text


def test_folders_that_are_no_papers_are_passed_over_or_named(tmp_path, folder):
    root = folder.parent
    (root / ".hidden").symlink_to(root / "nowhere")
    (root / "loop").symlink_to(root / "loop")
    with pytest.raises(PaperError) as error:
        read_papers([root])
    assert [str(problem) for problem in error.value.problems] == [
        f"{shown(root.as_posix())}/loop: a link that leads nowhere"
    ]
    (root / "loop").unlink()
    assert list(read_papers([root])) == ["magni2022"]


def test_a_root_that_is_a_file_or_a_link_to_itself_is_named(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(PaperError) as error:
        read_papers([tmp_path / "file", tmp_path / "loop"])
    assert len(error.value.problems) == 2


def test_an_indefinite_matrix_of_many_constructs_takes_no_long_search(folder):
    """Its stand-in takes time with a high power of the constructs: 1 s for 40, minutes for 80."""
    text = (folder / "paper.yaml").read_text(encoding="utf-8")
    start, end = text.index("  constructs:"), text.index("  correlations:")

    def read(count: int) -> Impossible:
        names = [f"v{i}" for i in range(count)]
        rows = [
            ",".join([name, *("0.90" if j != i + 1 else "-0.90" for j in range(i))])
            for i, name in enumerate(names)
        ]
        rows = [row + "," * (count - row.count(",")) for row in rows]
        rows[1] = rows[1].replace("0.90", "-0.90")
        table = "\n".join(["construct," + ",".join(names), *rows])
        (folder / "tables/table4.csv").write_text(table)
        made = "".join(f"    {name}: {{label: {name}}}\n" for name in names)
        (folder / "paper.yaml").write_text(f"{text[:start]}  constructs:\n{made}{text[end:]}")
        with pytest.raises(PaperError) as error:
            read_paper(folder)
        (found,) = error.value.papers[0].impossible
        return found

    found = read(80)
    assert found.why.startswith("not positive definite: ")
    assert found.why.endswith("among at most 50 constructs, not 80")
    assert not found.proven
    # A search would take it 16 times as long and more.
    assert seconds(lambda: read(80)) < 8 * seconds(lambda: read(40))


def test_all_problems_of_a_folder_come_at_once(folder):
    replace(folder / "tables/table4.csv", "0.067", "1.067")
    replace(folder / "tables/table5.csv", "2.451", "2.45l")
    replace(folder / "paper.yaml", "{term: risk,", "{term: riks,")
    replace(folder / "citations.csv", "2004,1", "2004,0")
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    assert len(error.value.problems) == 3
    # What is impossible is no problem, and yet not forgotten.
    (partial,) = error.value.papers
    assert [each.why for each in partial.impossible] == ["correlation 1.067 is outside [-1, 1]"]


def test_a_faulty_description_does_not_hide_faulty_tables(folder):
    replace(folder / "paper.yaml", "publisher:", "publishers:")
    replace(folder / "paper.yaml", "n: 300", "n: three")
    replace(folder / "paper.yaml", "outcome: readiness", "outcome: readyness")
    replace(folder / "paper.yaml", "style: emerald", "style: emerald\n  style: apa")
    replace(folder / "tables/table1.csv", ",", ",surplus,")
    replace(folder / "tables/table4.csv", "0.067", "1.067")
    replace(folder / "tables/table4.csv", "\nmarket,", "\nmarkets,")
    replace(folder / "tables/table5.csv", "2.451", "2.45lx")
    (folder / "references.txt").unlink()
    found = "\n".join(problems(folder))
    for part in (
        "publishers: unknown key",
        "study.n: input should be a valid integer",
        "'readyness' is not declared under constructs; did you mean 'readiness'?",
        "key 'style' stands here twice",
        "table1.csv, line 2",
        "line 3: row: construct 'markets' is not declared, and is no statistic",
        "under `rows:` which it is; did you mean 'market'?",
        "'2.45lx' is not a printed number",
        "no file 'references.txt'",
    ):
        assert part in found


@pytest.mark.parametrize("content", ["", "- a list\n", "only a text\n"])
def test_a_description_that_is_no_mapping_says_what_is_expected(folder, content):
    (folder / "paper.yaml").write_text(content)
    assert "expected keys with values" in "\n".join(problems(folder))


def test_problems_of_several_papers_come_at_once(tmp_path):
    for name in ("one", "two"):
        folder = shutil.copytree(RESOURCES / "magni2022", tmp_path / name)
        replace(folder / "paper.yaml", "n: 300", "n: three")
    with pytest.raises(PaperError, match="2 problems") as error:
        read_papers([tmp_path])
    assert "one/paper.yaml" in str(error.value)
    assert "two/paper.yaml" in str(error.value)


def test_what_is_wrong_with_a_paper_refuses_that_paper_only(tmp_path):
    for name in ("one", "two", "it's"):
        folder = shutil.copytree(RESOURCES / "magni2022", tmp_path / name)
    replace(tmp_path / "one/paper.yaml", "n: 300", "n: three")
    found = read_folders([tmp_path])
    assert list(found.read) == ["two"]
    assert {each.name: each.folder for each in found.refused} == {
        "it_s": folder.as_posix(),
        "one": (tmp_path / "one").as_posix(),
    }
    assert [len(each.problems) for each in found.refused] == [1, 1]


def test_a_folder_of_papers_that_is_none_is_no_papers_fault(tmp_path, folder):
    with pytest.raises(PaperError, match="no such folder"):
        read_folders([folder.parent, tmp_path / "nowhere"])


def test_a_key_in_two_places_is_refused(tmp_path, folder):
    other = tmp_path / "mine"
    shutil.copytree(folder, other / "Magni2022")
    with pytest.raises(PaperError, match=r"'magni2022' is taken by .*Magni2022"):
        read_papers([tmp_path / "mine", RESOURCES])


@pytest.mark.parametrize("roots", [["nowhere"], []])
def test_no_papers_at_all_is_a_problem(roots, tmp_path):
    with pytest.raises(PaperError, match=r"no such folder|no paper folder"):
        read_papers([tmp_path / root for root in roots] or [tmp_path])


def test_the_nearest_key_tells_the_line_of_a_missing_field(folder):
    replace(folder / "paper.yaml", "direction: negative, ", "")
    assert "study.hypotheses.H4.direction: missing" in "\n".join(problems(folder))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_as_a_file_are_read_or_refused(tmp_path, content):
    folder = tmp_path / "any2024"
    if not folder.is_dir():
        shutil.copytree(RESOURCES / "magni2022", folder)
    for name in ("paper.yaml", "tables/table4.csv", "citations.csv"):
        before = (folder / name).read_bytes()
        (folder / name).write_bytes(content)
        try:
            read_paper(folder)
        except PaperError:
            pass
        finally:
            (folder / name).write_bytes(before)


def test_the_published_schema_is_that_of_the_code():
    """Editors check paper.yaml against workflow/retrace/papers/paper.schema.yaml as it is typed."""
    from retrace.papers.schema import PaperEntry

    published = RESOURCES.parents[1] / "workflow/retrace/papers/paper.schema.yaml"
    assert yaml.safe_load(published.read_text()) == PaperEntry.model_json_schema()


@pytest.mark.parametrize("litter", ["__MACOSX", ".ipynb_checkpoints", "@eaDir", "lost+found"])
def test_folders_that_systems_leave_beside_papers_are_passed_over(tmp_path, litter):
    papers = Path(__file__).parents[2] / "resources/papers"
    shutil.copytree(papers / "magni2022", tmp_path / "magni2022")
    (tmp_path / litter / "magni2022").mkdir(parents=True)
    (tmp_path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    assert list(read_papers([tmp_path])) == ["magni2022"]
    # Any other folder is meant to be a paper.
    (tmp_path / "_draft").mkdir()
    with pytest.raises(PaperError, match="_draft"):
        read_papers([tmp_path])


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("n: 300", 'n: "0300"', "study.n"),
        ("n: 300", 'n: "3_00"', "study.n"),
        ("n: 300", "n: 300.0", "study.n"),
        ("items: 4", "items: true", "study.assumptions.items"),
        ("min: 1", "min: true", "study.scale.min"),
    ],
)
def test_a_count_is_a_whole_number_and_nothing_that_may_stand_for_one(folder, old, new, field):
    replace(folder / "paper.yaml", old, new)
    (problem,) = problems(folder)
    assert f"{field}: input should be a valid integer without quotes, found" in problem


def test_a_decimal_comma_in_one_column_is_asked_for_in_another(folder):
    """`1,968` is no 1968 beside `0,98`, whichever columns they stand in; a point decides it."""
    table = folder / "tables/diagnostics.csv"
    header, *rows = table.read_text(encoding="utf-8").splitlines()
    commas = [",".join([*row.split(",", 1)[:1], '"1,968"', '"0,98"']) for row in rows]
    columns = header.split(",")[0] + ",t,p"
    table.write_text("\n".join([columns, *commas]) + "\n", encoding="utf-8")
    asked = [p for p in problems(folder) if "decimal_sign" in p]
    assert len(asked) == 1
    assert "column p and t: '0,98' has a decimal comma, and '1,968' may" in asked[0]
    table.write_text(table.read_text(encoding="utf-8") + "x,0.5,1\n", encoding="utf-8")
    assert read_paper(folder).claims.decimal_commas == []


def test_a_reference_list_of_more_than_is_read_is_named(folder):
    (folder / "references.txt").write_text("a\n" * 50_001)
    assert any(
        "references.txt: more than 50,000 references, which are allowed" in p
        for p in problems(folder)
    )


def test_a_long_table_of_terms_that_are_none_is_read_in_time_with_its_length(folder):
    """Ten times the rows took a hundred times as long: 60,000 took minutes."""

    def read(rows: int) -> None:
        lines = "".join(f"t{i % (rows - 100)},0.1,1,0.5,1\n" for i in range(rows))
        (folder / "tables/table5.csv").write_text("term,b,t,p,vif\n" + lines)
        assert sum("is not declared" in p for p in problems(folder)) == rows

    assert seconds(lambda: read(40_000), times=1) < 30 * seconds(lambda: read(4_000))


def test_statistics_of_a_construct_come_with_their_types():
    study = read_paper(RESOURCES / "magni2022").study
    assert study.item_count("customer") == study.statistic("customer", "items")
    assert isinstance(study.item_count("customer")[0], int)
    for name in ("mean", "sd"):
        assert study.moment("customer", name) == study.statistic("customer", name)
        assert study.moment("customer", name)[0].value > 0
    assert study.moment("customer", "alpha")[0] == study.statistic("customer", "alpha")[0]


def test_refused_papers_are_a_table_of_all_their_problems():
    refused = {"b": [["b/t.csv", "line 2", "no number"], ["b/u.csv", "", "gone"]], "a": []}
    assert [row._asdict() for row in refused_rows(refused)] == [
        {"paper": "b", "file": "b/t.csv", "place": "line 2", "problem": "no number"},
        {"paper": "b", "file": "b/u.csv", "place": "", "problem": "gone"},
    ]


def test_a_copy_with_other_correlations_has_another_matrix(folder):
    study = read_paper(folder).study
    before = study.correlation_matrix
    row, column, _ = study.correlations[0]
    other = study.model_copy(
        update={"correlations": [(row, column, Printed.parse("0.5")), *study.correlations[1:]]}
    )
    assert other.correlation_matrix[0, 1] == 0.5
    assert study.correlation_matrix is before


def test_what_is_printed_as_a_bound_is_kept_and_nothing_is_computed_from_it(folder):
    replace(folder / "paper.yaml", "sharing}\n    market", 'sharing, alpha: ">0.70"}\n    market')
    study = read_paper(folder).study
    assert study.constructs["customer"].alpha is None
    (bound,) = study.beside
    assert (bound.statistic, bound.row, bound.printed.text) == ("alpha", "customer", ">0.70")
    rows = check_paper(Record("any2024", study))
    (row,) = [row for row in rows if row.printed == ">0.70"]
    assert (row.where, row.row, row.column, row.verdict) == (
        "paper.yaml, study.constructs",
        "customer",
        "alpha",
        "not checkable",
    )
