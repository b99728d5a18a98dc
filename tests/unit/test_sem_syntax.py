"""The model syntax: what it means, and what its errors say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sem_reference import _from_data

from retrace.sem import ModelSyntaxError, Structure, fit, parse_model, specify

LOADINGS = "f =~ x1 + x2 + x3"


def parameter(specification, lhs, op, rhs):
    return next(p for p in specification.parameters if (p.lhs, p.op, p.rhs) == (lhs, op, rhs))


def names(specification):
    return {p.name for p in specification.parameters}


def test_relations_are_read_in_the_order_in_which_they_are_written():
    terms = parse_model("f =~ x1 + x2\ny ~ f; x1 ~~ x2").terms
    assert [(t.lhs, t.op, t.rhs) for t in terms] == [
        ("f", "=~", "x1"),
        ("f", "=~", "x2"),
        ("y", "~", "f"),
        ("x1", "~~", "x2"),
    ]


def test_modifiers_fix_label_free_and_start():
    terms = parse_model(
        'f =~ NA*x1 + a*x2 + 0.7*x3 + start(-1.5e-1)*x4 + label("b")*x5 + -2*x6 + "c"*x7'
    ).terms
    assert terms[0].freed
    assert [t.label for t in terms] == ["", "a", "", "", "b", "", "c"]
    assert [t.fixed for t in terms] == [None, None, 0.7, None, None, -2.0, None]
    assert terms[3].start == -0.15


def test_modifiers_of_one_relation_may_be_written_in_one_statement_or_two():
    apart = parse_model("y ~ a*x + start(0.3)*x").terms
    together = parse_model("y ~ a*x; y ~ start(0.3)*x").terms
    assert len(apart) == len(together) == 1
    assert (apart[0].label, apart[0].start) == (together[0].label, together[0].start)


def test_several_left_sides_share_a_right_side():
    assert [(t.lhs, t.rhs) for t in parse_model("y + z ~ x + w").terms] == [
        ("y", "x"),
        ("y", "w"),
        ("z", "x"),
        ("z", "w"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "f =~ x1 + x2 +\n x3",
        "f =~ x1 +   # the first\n\n x2 + ! another comment\n x3",
        "f =~ x1\n + x2\n + x3",
        "f =~\n x1 + x2 + x3",
        "\n\n ;f =~ x1 + x2 + x3;;\n",
    ],
)
def test_statements_may_be_wrapped_at_operators(text):
    assert [t.rhs for t in parse_model(text).terms] == ["x1", "x2", "x3"]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "no relation"),
        ("y ~ x\nz ~ & x", 2, 5, "'&'"),
        ("y ~ x +", 1, 8, "variable or a modifier expected, found the end of the model"),
        ("y ~ x\ny x", 2, 3, "expected, found `x`"),
        ("f =~ x1 + x2\n  y ~ 1", 2, 7, "intercepts"),
        ("y ~ c(1, 2)*x", 1, 5, "one group"),
        ("y ~ a b*x", 1, 7, "unexpected `b`"),
        ("y ~ x + x:z", 1, 10, "interactions"),
        ("y ~ twice(2)*x", 1, 5, "`twice()` is not known"),
        ("y ~ start(a)*x", 1, 11, "a number expected"),
        ("y ~ x:z", 1, 6, "interactions"),
        ("f <~ x1 + x2", 1, 3, "formative"),
        ("y | t1", 1, 3, "thresholds"),
        ("y ~ a*x\na > 0", 2, 3, "inequality"),
        ("y ~ x\ny ~ x", 2, 5, "written twice"),
        ("f =~ x1 + x2 + x3\nx2 ~ f", 2, 6, "`x2 ~ f` and `f =~ x2` are the same effect"),
        ("f ~ g; g =~ f + x1; f =~ x2 + x3", 1, 13, "`g =~ f` and `f ~ g` are the same effect"),
        ("y ~ a*x + b*x", 1, 13, "different modifiers"),
        ("y ~ x + y", 1, 9, "to itself"),
        ("y ~ a*x\nt := a + missing", 2, 10, "label `missing`"),
        ("y ~ a*x\na := a", 2, 1, "already the label"),
        ("y ~ a*x\nt := a\nt := a", 3, 1, "defined twice"),
        ("y ~ a*x\nt := sin(a)", 2, 6, "function `sin`"),
        ("y ~ a*x\nt := (a", 2, 8, "`)` expected"),
        ("y ~ a*x\nb == 1", 2, 1, "label `b`"),
        ("f =~ start(2)*x1 + x2", 1, 15, "free it with NA*"),
        ("f =~ x1 + 2*x2 + start(1)*x2", 1, 27, "no meaning"),
        ("y ~ NA*x + 2*x", 1, 14, "both fixed"),
        ("y ~ 1*x + a*x + 2*z + a*z", 1, 25, "makes parameters equal that are fixed"),
        # lavaan 0.6-14 refuses `a*b*x` too, and reads `0.5*a*x` as `a*x`.
        ("y ~ a*b*x", 1, 7, "one modifier a term"),
        ("y ~ 0.5*a*x", 1, 9, "one modifier a term"),
        ("y ~ start(1)*start(2)*x", 1, 14, "one modifier a term"),
        ("y ~ x\ny ~~ 1e400*y", 2, 6, "too large"),
        ("y ~ start(-1e999)*x", 1, 12, "too large"),
        ("y ~ a*x\nq := a + 1e400", 2, 10, "too large"),
        ("y ~ 'a b'*x", 1, 5, "a label has letters"),
        ("y ~ ''*x", 1, 5, "a label has letters"),
        ("y ~ a*x\nq := " + "(" * 60 + "a" + ")" * 60, 2, 56, "more than 50 brackets"),
        ("y ~ a*x\nq := a" + "+a" * 300, 2, 407, "more than 200 operations"),
    ],
)
def test_an_error_names_line_and_column(text, line, column, message):
    with pytest.raises(ModelSyntaxError) as caught:
        specify(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"line {line}, column {column}: ")


# What lavaan's manual has and this syntax has not: the reason is that it has not, and no other.
FOREIGN = {
    "intercepts": [
        *("x1 ~ 1", "x1 ~ 0*1", "x1 ~ NA*1", "x1 ~ a*1", "x1 ~ start(2)*1", "x1 + x2 ~ 1"),
        *("x1 ~ 1 + x2", "x1 ~ x2 + 1", "x1 ~ 0*1 + x2", "x1 ~ -1 + x2", "x1 ~ 0", "x1 ~ 1; y ~ x"),
    ],
    "starting value is a number": ["y ~ a?x", "y ~ NA?x", "y ~ start(0.5)?x", "y ~ 'a'?x"],
    "several groups": ["group: 1\ny ~ x", "y ~ x\nGROUP: women\ny ~ x", "group : 2; y ~ x"],
    "multilevel": ["level: 1\ny ~ x", "level: within\ny ~ x", "y ~ x\nlevel: 2", "y ~ rv('s')*x"],
    "several blocks": ["block: 1\ny ~ x"],
    "latent classes": ["class: 1\ny ~ x"],
    "interactions": [
        *(
            "x3 ~ x1 + x1:x2",
            "x3 ~ x1:x2",
            "x1:x2 ~ x3",
            "f =~ x1:x2",
            "x1 ~~ x2:x3",
            "y ~ a*x1:x2",
        ),
        *("y ~ x + group:x", "group:x ~ y", "y ~ 0.5*x1:x2"),
    ],
    "`%%` is no operation": ["y ~ a*x\na %% 2", "y ~ a*x\na %% 2 == 1", "y ~ a*x\nb := a %% 2"],
    "`%in%` is no operation": ["y ~ x %in% z"],
    "inequality": [
        *("y ~ a*x\na < 1", "y ~ a*x\na > 1", "y ~ a*x\na >= 1", "y ~ a*x\na<=1", "y ~ a*x\n1 < a"),
        *("y ~ a*x\na + 1 > 0", "y ~ a*x + b*z\nd := a - b; d > 0", "y ~ a*x\nexp(a) > 1"),
    ],
    "same label": ["y ~ equal('y~x')*z", "y ~ equal(c('a', 'b'))*z"],
    "one value a group": [
        *("y ~ c(a, b)*x", "y ~ c(1, NA)*x", "y ~ start(c(1, 2))*x", "f =~ label(c('a', 'b'))*x1"),
    ],
    "thresholds": ["u | t1 + t2", "u | 0*t1"],
    "scaling factors": ["u ~*~ 1*u"],
    "formative": ["f <~ x1 + x2", "f <~ 1*x1 + x2"],
    "exploratory": [
        'efa("a")*f =~ x1 + x2',
        'efa("a")*f + efa("a")*g =~ x1 + x2',
        "y ~ efa('a')*x",
    ],
    "bounds": ["y ~ upper(1)*x", "y ~ lower(0)*x"],
    "Bayesian": ["y ~ prior('dnorm(0,1)')*x"],
    "without quotes": ['"f" =~ x1 + x2', "y ~ 'x'", "y ~ a*'x'", "'my y' ~ x"],
    "`=` alone": ["y = x", "y ~ a*x\na = 1"],
    "one number, not an expression": ["y ~ 1/2*x", "y ~ 2^2*x"],
    "right-hand side": ["a*y ~ x", "start(1)*y ~ x"],
    "neither a number nor a name": ["y ~ 2x", "y ~ 1.5e*x", "y ~ 1.2.3*x", "y ~ 0x1f*x"],
    "`pnorm` is not known": ["y ~ a*x\nb := pnorm(a)"],
}


@pytest.mark.parametrize(
    ("reason", "text"), [(reason, text) for reason, texts in FOREIGN.items() for text in texts]
)
def test_what_is_not_supported_is_refused_for_that_reason(reason, text):
    with pytest.raises(ModelSyntaxError) as caught:
        specify(text)
    # The key words, and those of no other reason.
    told = str(caught.value)
    assert reason in told
    assert not [other for other in FOREIGN if other in told and other not in reason]


def test_messages_do_not_repeat_a_whole_text():
    for text in ("y ~ " + "x" * 10_000 + "(1)*z", "y x" + "x" * 10_000, "y ~ 1" + "x" * 10_000):
        with pytest.raises(ModelSyntaxError) as caught:
            specify(text)
        assert len(str(caught.value)) < 250


def test_a_number_and_a_question_mark_give_a_starting_value():
    # lavaan 0.6-14: lavParseModelString("y ~ 0.5?x + -1e-1?z + a*w + 2?w")
    terms = parse_model("y ~ 0.5?x + -1e-1?z + a*w + 2?w").terms
    assert [(t.rhs, t.start, t.fixed, t.label) for t in terms] == [
        ("x", 0.5, None, ""),
        ("z", -0.1, None, ""),
        ("w", 2.0, None, "a"),
    ]


@pytest.mark.parametrize(
    ("constraint", "a", "se"),
    [
        # lavaan 0.6-14 on HolzingerSwineford1939: sem("x1 ~ a*x2 + b*x3\n<constraint>", data),
        # parameterEstimates(fit)
        ("d := a-b; d == 0", 0.277, None),
        ("d == 0\nd := a-b", 0.277, None),
        ("a == b", 0.277, None),
        ("d := a-b\ne := d + 2*b\ne == 0.5", 0.136, 0.045),
    ],
)
def test_an_equality_may_be_about_what_is_defined(constraint, a, se):
    columns = ["x1", "x2", "x3"]
    case = _from_data("", "", "holzinger_swineford39_data.csv", columns)
    model = "x1 ~ a*x2 + b*x3\n" + constraint
    solution = fit(model, case.matrix, case.n, columns, rescale=False)
    assert solution["a"].est == pytest.approx(a, abs=6e-4)
    if se is None:
        # What an equality fixes has no standard error.
        assert all(np.isnan(e.se) for e in solution.estimates if e.op == ":=")
    else:
        assert solution["a"].se == pytest.approx(se, abs=6e-4)
    assert solution.problems == ()


def test_definitions_that_double_each_other_take_no_time():
    chain = "\n".join(f"d{k} := d{k - 1} + d{k - 1}" for k in range(1, 60))
    structure = Structure(specify(f"y ~ a*x + b*z\nd0 := a - b\n{chain}\nd59 == 0"))
    assert structure.q == structure.basis.shape[1] == 2


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        # The second constraint holds with the first, the third does not.
        ("y ~ a*x + b*z\na == 1\nb == 2\na + b == 4", 4, "contradicts those above"),
        ("y ~ 0.5*x + a*x + b*z\na == 1", 2, "contradicts what the model fixes"),
        ("y ~ a*x + b*z\na*b == 1", 2, "linear"),
        ("y ~ a*x + b*z\np := a*b\np == 1", 3, "linear"),
        ("y ~ a*x + b*z\na == log(0)", 2, "no finite value"),
        ("y ~ a*x + b*z\na == b/0", 2, "no finite value"),
    ],
)
def test_the_constraint_that_cannot_hold_is_the_one_named(text, line, message):
    with pytest.raises(ModelSyntaxError, match=message) as caught:
        Structure(specify(text))
    assert (caught.value.line, caught.value.column) == (line, 1)


# Pieces that make models more often than letters do.
PIECES = [
    *("f", "x1", "x2", "y", "a", "b", "q", "NA", "start", "label", "c", "equal", "exp", "log"),
    *(
        " =~ ",
        " ~ ",
        " ~~ ",
        " := ",
        " == ",
        "*",
        "+",
        "-",
        "/",
        "^",
        "**",
        "(",
        ")",
        ",",
        "1",
        "0",
    ),
    *("0.5", "1e400", "-2e-3", "\n", ";", " ", "#", "!", '"a"', "'", "<", ">", "|", "?", "&", "é"),
]


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
        st.lists(st.sampled_from(PIECES), max_size=25).map(
            lambda pieces: "y ~ a*x1 + b*x2 + 0*z + n*z\n" + "".join(pieces)
        ),
        st.lists(st.sampled_from(PIECES[:14] + PIECES[19:30]), max_size=12).map(
            lambda pieces: "y ~ a*x1 + b*x2 + 0*z + n*z\na == " + "".join(pieces)
        ),
    )
)
@settings(max_examples=400)
def test_any_text_is_a_model_or_an_error_with_line_and_column(text):
    error = None
    try:
        Structure(specify(text))
    except ModelSyntaxError as raised:
        error = raised
    if error is not None:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1


NAMES = st.sampled_from(["x1", "x2", "x3", "grösse", "a.b", "y_1"])
MODIFIERS = st.one_of(
    st.just(""),
    st.floats(-9, 9).map(lambda v: f"{v!r}*"),
    st.sampled_from(["a*", "b*"]),
    st.floats(-9, 9).map(lambda v: f"start({v!r})*"),
)


@given(st.lists(st.tuples(MODIFIERS, NAMES), min_size=1, max_size=6, unique_by=lambda t: t[1]))
def test_a_written_relation_reads_back(terms):
    text = "outcome ~ " + " + ".join(f"{modifier}{name}" for modifier, name in terms)
    read = parse_model(text).terms
    assert [t.rhs for t in read] == [name for _, name in terms]
    for term, (modifier, _) in zip(read, terms, strict=True):
        if modifier.startswith("start"):
            assert term.start == float(modifier[6:-2])
        elif modifier in ("a*", "b*"):
            assert term.label == modifier[0]
        elif modifier:
            assert term.fixed == float(modifier[:-1])


def test_the_first_loading_or_the_variance_gives_a_factor_its_scale():
    marker = specify(LOADINGS)
    assert parameter(marker, "f", "=~", "x1").state == "fixed"
    assert parameter(marker, "f", "~~", "f").state == "free"
    unit = specify(LOADINGS, std_lv=True)
    assert parameter(unit, "f", "=~", "x1").state == "free"
    assert (parameter(unit, "f", "~~", "f").state, parameter(unit, "f", "~~", "f").value) == (
        "fixed",
        1.0,
    )


def test_defaults_add_what_lavaan_adds():
    # lavaan: lavaanify("f =~ y1+y2+y3; g =~ y4+y5+y6; h =~ f + g; y7 ~ x1 + x2; y8 ~ x2; g ~ x2",
    #         model.type = "sem", auto = TRUE, fixed.x = TRUE)
    specification = specify(
        "f =~ y1+y2+y3; g =~ y4+y5+y6; h =~ f + g; y7 ~ x1 + x2; y8 ~ x2; g ~ x2"
    )
    added = {p.name for p in specification.parameters if not p.written}
    assert added == {
        *(f"y{i}~~y{i}" for i in range(1, 9)),
        *("f~~f", "g~~g", "h~~h", "y7~~y8", "x1~~x1", "x1~~x2", "x2~~x2"),
    }
    sample = {p.name for p in specification.parameters if p.state == "sample"}
    assert sample == {"x1~~x1", "x1~~x2", "x2~~x2"}
    assert specification.exogenous == ("x1", "x2")


def test_exogenous_factors_covary_and_outcomes_that_predict_nothing_covary():
    specification = specify("f =~ a1+a2+a3; g =~ b1+b2+b3; y ~ f; z ~ g; w ~ y")
    assert "f~~g" in names(specification)
    assert {"w~~z", "z~~w"} & names(specification)
    assert not {"y~~z", "z~~y"} & names(specification)
    assert "f~~g" not in names(specify("f =~ a1+a2+a3; g =~ b1+b2+b3", orthogonal=True))


def test_writing_a_covariance_of_exogenous_variables_makes_them_random():
    specification = specify("y ~ x1 + x2; x1 ~~ x2")
    assert specification.exogenous == ()
    assert {p.state for p in specification.parameters} == {"free"}


def test_a_single_indicator_measures_without_error_unless_the_model_says_otherwise():
    exact = parameter(specify("f =~ x1; y ~ f"), "x1", "~~", "x1")
    assert (exact.state, exact.value) == ("fixed", 0.0)
    given = parameter(specify("f =~ x1; y ~ f; x1 ~~ 0.3*x1"), "x1", "~~", "x1")
    assert (given.state, given.value) == ("fixed", 0.3)


def test_what_shares_a_label_with_a_fixed_parameter_is_fixed_too():
    specification = specify("f =~ 0.5*x1 + a*x1 + a*x2 + x3")
    assert parameter(specification, "f", "=~", "x2").value == 0.5
    assert parameter(specification, "f", "=~", "x2").state == "fixed"


def test_equal_is_refused_because_a_shared_label_says_it():
    with pytest.raises(ModelSyntaxError, match="same label"):
        parse_model('y ~ x + equal("y~x")*z')
