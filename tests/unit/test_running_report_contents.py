"""The table of what the report shows: what is read of it, and what is refused with its line."""

import pytest

from retrace.running.report_contents import COLUMNS, ContentsError, read_contents

HEADER = ",".join(COLUMNS)


def test_a_line_is_what_the_report_is_told_of_a_file():
    text = f'{HEADER}\na/{{paper}}.csv,one,Verdicts,{{paper}},,"Stars, and legends",\n'
    text += "b.svg,two,Tables,,all,,Network\n"
    assert read_contents(text, {"one", "two"}) == {
        "a/{paper}.csv": {
            "caption": "one",
            "category": "Verdicts",
            "subcategory": "{paper}",
            "labels": {"table": "Stars, and legends"},
        },
        "b.svg": {
            "caption": "two",
            "category": "Tables",
            "subcategory": None,
            "labels": {"paper": "all", "figure": "Network"},
        },
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a.csv,one,Tables,,,Works,\na.csv,one,Tables,,,Works,", "line 3: a.csv has a line alrea"),
        ("a.csv,three,Tables,,,Works,", "line 2: a.csv: there is no caption three.rst"),
        ("a.csv,one,,,,Works,", "line 2: a.csv: it has no category"),
        ("a.csv,one,Tables,,,,", "line 2: a.csv: it is named as a table or as a figure"),
        ("a.csv,one,Tables,,,Works,Network", "line 2: a.csv: it is named as a table or as a fig"),
        ("a.csv,one,Tables", "line 2: a.csv: it has not 7 cells"),
        ("a.csv,one,Tables,,,Works,,more", "line 2: a.csv: it has not 7 cells"),
    ],
)
def test_a_line_that_is_wrong_is_refused(line, said):
    with pytest.raises(ContentsError) as refused:
        read_contents(f"{HEADER}\n{line}\n", {"one", "two"})
    assert str(refused.value).startswith(said)


def test_every_wrong_line_is_named():
    lines = "a.csv,three,Tables,,,Works,\nb.csv,one,,,,Works,\n"
    with pytest.raises(ContentsError, match=r"line 2: a.csv.*\nline 3: b.csv"):
        read_contents(f"{HEADER}\n{lines}", {"one"})


def test_other_columns_are_refused():
    with pytest.raises(ContentsError, match="line 1: found columns file,caption; allowed is file,"):
        read_contents("file,caption\n", ())
