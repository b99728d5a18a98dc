"""Files that are small and ask for much: what is read of them, in how much memory and time.

Each is read by a child process that may use `MEMORY` of address space and `TIMES` of the processor
time beyond what it takes to start and import (address space of libraries alone is half a gigabyte).
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrace.bibliography.citations.mentions import find_citations
from retrace.bibliography.export import to_bibtex, to_csl_json
from retrace.bibliography.readers.bibtex import read_bibtex
from retrace.bibliography.readers.fields import FormatError
from retrace.bibliography.readers.formats import read_file
from retrace.bibliography.record import to_frame

# Of the time that the imports take, which is the processor's measure.
MEMORY, TIMES = 250 * 2**20, 4
CHILD = """
import json, logging, resource, sys, time
logging.disable()
from retrace.bibliography.readers.bibtex import read_bibtex
from retrace.bibliography.export import to_bibtex, to_csl_json
from retrace.bibliography.readers.fields import FormatError
from retrace.bibliography.readers.formats import read_file
from retrace.bibliography.citations.mentions import find_citations
from retrace.bibliography.record import to_frame
name, text = json.load(sys.stdin)
to_frame(read_bibtex("@book{a, title = {{\\\\'E}t\\\\'e}, author = {Ou, C.}}"))
with open("/proc/self/statm") as file:
    limit = int(file.read().split()[0]) * resource.getpagesize() + MEMORY
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
used = int(time.process_time()) + 1
resource.setrlimit(resource.RLIMIT_CPU, (used + TIMES * used, used + TIMES * used))
if name == "texts":
    print(json.dumps([sum(len(find_citations(each)) for each in text), []]))
else:
    try:
        read = read_file(text, name)
        to_bibtex(read), to_csl_json(read)
        print(json.dumps([len(read), [p for r in read for p in r.problem_texts]]))
    except FormatError as error:
        print(json.dumps([-1, [str(error)]]))
"""


def read_in_bounds(name: str, text: str | list[str]) -> tuple[int, list[str]]:
    """How many references a child reads within its bounds, and their problems."""
    code = CHILD.replace("MEMORY", str(MEMORY)).replace("TIMES", str(TIMES))
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps([name, text]),
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path), "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    count, problems = json.loads(done.stdout)
    return count, problems


def doubling(levels: int) -> str:
    """Macros of which each is the one before, twice: 2 to the power of `levels` characters."""
    doubled = (f"@string{{a{i} = a{i - 1} # a{i - 1}}}" for i in range(1, levels))
    return '@string{a0 = "x" # "x"}' + "".join(doubled)


def chain(length: int) -> str:
    return "".join(f"@inbook{{k{i}, crossref = {{k{i + 1}}}}}\n" for i in range(length))


BOMBS = {
    "macros doubled": (
        "a.bib",
        doubling(34) + "@book{k, title = a33}\n@book{l, title = {Fine}}",
        2,
        "k: title comes to 17,179,869,184 characters; 100,000 are allowed",
    ),
    "macros doubled on": (
        "a.bib",
        doubling(400) + "@book{k, title = a399}",
        1,
        "characters or more; 100,000 are allowed",
    ),
    "one macro in many fields": (
        "a.bib",
        f"@string{{a = {{{'x' * 9_000}}}}}"
        + "".join(
            f"@book{{k{i}, title = a # a # a, note = a # a # a, publisher = a # a # a}}\n"
            for i in range(200)
        ),
        200,
        "above 10,000,000 characters",
    ),
    "macros that copy one": (
        "a.bib",
        f"@string{{a = {{{'x' * 99_000}}}}}"
        + "".join(f'@string{{b{i} = a # ""}}\n' for i in range(20_000))
        + "@book{k, title = b19999}\n@book{l, title = b1}",
        2,
        "k: title uses a macro that brings the macros of the file above 10,000,000 characters",
    ),
    "cross-references in a row": ("a.bib", chain(1_000), 1_000, "over more than 10 entries"),
    "braces": ("a.bib", "@book{k, title={" + "{" * 50_000 + "}" * 50_000 + "}}", 1, "of TeX"),
    "braces in bounds": (
        "a.bib",
        "@book{k, title={" + "{" * 5_000 + "}" * 5_000 + "}}",
        1,
        "nested deeper than 100",
    ),
    "commands": (
        "a.bib",
        "@book{k, title={" + r"\textbf{" * 2_000 + "}" * 2_000 + "}}",
        1,
        "nested deeper than 100",
    ),
    "accents": ("a.bib", r"@book{k, title={" + r"\'{e}" * 15_000 + "}}", 1, "characters of TeX"),
    "undefined macros": ("a.bib", "@book{k, title = " + "a # " * 50_000 + "a}", 1, "the macro a,"),
    "lists in lists": ("a.json", "[" * 100_000 + "]" * 100_000, -1, "100000 deep; 100 is allowed"),
    "lists in a field": (
        "a.json",
        '[\n{"title": ' + "[" * 900 + "]" * 900 + "}]",
        -1,
        "line 2: nested too deeply: 902 deep",
    ),
    "texts without an end": ("a.json", '["' + '\\"' * 500_000, -1, "not valid JSON"),
    "many entries": ("a.bib", "@a{" * 60_000, -1, "more than 50,000 references"),
    "many records": ("a.ris", "TY-\r" * 60_000, -1, "more than 50,000 references"),
    "many items": ("a.json", "[" + "1," * 60_000 + "{}]", -1, "60,001 references; 50,000 are"),
    "many values": ("a.json", "[" + "1," * 2_000_000 + "{}]", -1, "more than 2,000,000 values"),
    "many lines": ("a.txt", "a\r" * 60_000, -1, "more than 50,000 references"),
    "digits": ("a.json", '[{"title": "a", "volume": ' + "9" * 5_000 + "}]", 1, "no author"),
    "digits of a year": (
        "a.json",
        '[{"title": "a", "issued": {"date-parts": [["' + "9" * 5_000 + '"]]}}]',
        1,
        "no author",
    ),
    "lines of one tag": ("a.ris", "TY  - JOUR\nTI  - a\n" + "more\n" * 100_000, 1, "no author"),
    "digits of pages": (
        "a.ris",
        "TY  - JOUR\nSP  - " + "9" * 9_000 + "\nEP  - " + "8" * 9_000,
        1,
        "no author",
    ),
    "one printed line": ("a.txt", "Ash, J. (2001). " + "a. " * 50_000, 1, "longer than 3000"),
    "one word": ("a.bib", "@book{k, title={" + "1a" * 45_000 + "}}", 1, "no author"),
    "words with ampersands": ("a.bib", "@book{k, title={" + "a&" * 9_000 + "}}", 1, "no author"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_is_small_and_asks_for_much_is_read_in_bounds_and_says_so(bomb):
    name, text, count, message = BOMBS[bomb]
    read, problems = read_in_bounds(name, text)
    assert read == count
    assert any(message in problem for problem in problems)
    assert all(len(problem) < 400 for problem in problems)


def test_full_texts_of_one_token_are_read_in_bounds():
    """Twenty of 100,000 characters, on one line each."""
    tokens = ["a", "A", "A. ", "Aa Bb, ", "Aa and ", "van der ", "(2001) ", "2001a, b, ", "[a]("]
    tokens += [
        "[](",
        "*a",
        "<a ",
        "- ",
        "et al. ",
        "((",
        "; ",
        ", p. ",
        "_a",
        "<i>",
        "Ash, J. (2001). ",
    ]
    texts = [f"(Ash, 2001) {token * (100_000 // len(token))} (2001)" for token in tokens]
    read_in_bounds("texts", texts)


def test_what_a_macro_may_come_to_is_read_to_the_last_character():
    text = '@string{{a = "{}"}} @book{{k, title = a # "{}"}}'
    (whole,) = read_bibtex(text.format("x" * 50_000, "y" * 50_000))
    assert whole.title == "x" * 50_000 + "y" * 50_000
    (longer,) = read_bibtex(text.format("x" * 50_000, "y" * 50_001))
    assert longer.title == ""
    assert "k: title comes to 100,001 characters; 100,000 are allowed" in longer.problem_texts[0]


def test_ten_entries_may_refer_to_one_another():
    top = "@book{k10, publisher = {Sage}}\n"
    first = read_bibtex(chain(10) + top)[0]
    assert (first.publisher, [p for p in first.problem_texts if "crossref" in p]) == ("Sage", [])
    longer = chain(11) + top.replace("k10", "k11")
    (problem,) = [p for p in read_bibtex(longer)[0].problem_texts if "crossref" in p]
    assert problem.startswith("k0: crossref leads over more than 10 entries")
    # The rest of the chain is short enough.
    assert read_bibtex(longer)[1].publisher == "Sage"


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("volume", "010", "010"),
        ("volume", str(2**70), str(2**70)),
        ("volume", "9" * 30, "9" * 30),
        ("number", "0x1F", "0x1F"),
        ("year", "99999999999999999999", "99999999999999999999"),
    ],
)
def test_numbers_stay_as_they_are_written(field, value, kept):
    (r,) = read_bibtex(f"@article{{k, title = {{T}}, {field} = {{{value}}}}}")
    assert {"volume": r.volume, "number": r.issue, "year": r.year}[field] == kept
    assert r.year_number is None
    if field == "volume" and value != "010":
        (item,) = read_file(f'[{{"title": "T", "volume": {value}}}]', "a.json")
        assert item.volume == kept


def test_half_a_character_can_be_written():
    r"""JSON may escape half of a surrogate pair (RFC 8259, section 8.2), which no UTF-8 has."""
    half = '[{"title": "a\\ud800b", "author": [{"family": "\\udfffO"}], "DOI": "10.1234/\\ud800"}]'
    (r,) = read_file(half, "a.json")
    assert (r.title, r.authors[0].family, r.doi) == ("a\ufffdb", "\ufffdO", "10.1234/\ufffd")
    (to_bibtex([r]) + to_csl_json([r])).encode()


PIECES = st.sampled_from(
    (
        *'{}"#,=@()\\$%&~^_-[]:;<>/*|²٣é\x00\ufeff\ud800\r\n\x0c',
        *("@book{k,", "@string{a=", "title=", "author={", "crossref={k}", "year=2001", " and "),
        *("}\n", "TY  - JOUR\n", "AU  - ", "PY  - ", "SP  - ", "ER  - \n", "DO  - 10.1/x"),
        *('"title":', '"issued":{"date-parts":[[', "]]}", "null", "true", "1e999", "NaN", '"a"'),
        *("Ash, J. (2001). ", "A title. ", "et al. ", "Journal, 1(2), 3–4.", "n.d.", "9" * 25),
    )
)


def message_of(content: str, name: str) -> str:
    """What is said of a file that is refused; a file that is read is also written and searched."""
    try:
        read = read_file(content, name)
    except FormatError as error:
        return str(error)
    to_frame(read), to_bibtex(read), to_csl_json(read)
    find_citations(content)
    return ""


@pytest.mark.long
@settings(max_examples=1_000, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(st.sampled_from(["a.bib", "a.ris", "a.json", "a.txt"]), st.lists(PIECES, max_size=40))
def test_no_file_raises_anything_but_a_message(name, pieces):
    text = "".join(pieces)
    for content in (text, f"[{{{text}}}]", f"@book{{k, {text}}}"):
        message = message_of(content, name)
        assert len(message) < 400
        assert not message or name.endswith(".json")
