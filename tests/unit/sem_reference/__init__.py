"""Published models with their data, and what lavaan says about them.

`lavaan.json` holds lavaan 0.6-14's answers, made by `python -m sem_reference` in `tests/unit` where
R and lavaan are installed; `lavaan.R` is the call. So the tests have outside truth without R.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from retrace.sem.modification import candidates
from retrace.sem.specification import specify

HERE = Path(__file__).parent
RECORDED = HERE / "lavaan.json"


@dataclass(frozen=True)
class Case:
    """A model, and the matrix to fit it to."""

    name: str
    model: str
    names: list[str]
    matrix: list[list[float]]
    n: int
    rescale: bool = True
    std_lv: bool = False


def symmetric(rows: list[list[float]]) -> list[list[float]]:
    """A full matrix from the rows of its lower triangle."""
    return [[rows[max(i, j)][min(i, j)] for j in range(len(rows))] for i in range(len(rows))]


def _package_data(file: str) -> tuple[list[str], np.ndarray]:
    """Names and complete rows of a data set that semopy ships."""
    spec = find_spec("semopy")
    path = Path(spec.origin).parent / "examples" / file
    header = path.read_text().splitlines()[0].replace('"', "").split(",")
    return header, np.genfromtxt(path, delimiter=",", skip_header=1)


def _from_data(name: str, model: str, file: str, columns: list[str], **options) -> Case:
    header, values = _package_data(file)
    chosen = values[:, [header.index(c) for c in columns]]
    matrix = np.cov(chosen, rowvar=False, bias=True).tolist()
    return Case(name, model, columns, matrix, len(chosen), rescale=False, **options)


# Wheaton, Muthén, Alwin and Summers (1977), "Assessing reliability and stability in panel models",
# n = 932: anomia and powerlessness in 1967 and 1971, education and Duncan's socioeconomic index.
WHEATON_NAMES = ["anomia67", "power67", "anomia71", "power71", "education", "sei"]
WHEATON = symmetric(
    [
        [11.834],
        [6.947, 9.364],
        [6.819, 5.091, 12.532],
        [4.783, 5.028, 7.495, 9.986],
        [-3.839, -3.889, -3.841, -3.625, 9.610],
        [-21.899, -18.831, -21.748, -18.775, 35.522, 450.288],
    ]
)
WHEATON_MODEL = """
    ses     =~ education + sei
    alien67 =~ anomia67 + power67
    alien71 =~ anomia71 + power71
    alien71 ~ alien67 + ses
    alien67 ~ ses
    anomia67 ~~ anomia71
    power67  ~~ power71
"""

# Blau and Duncan (1967), The American Occupational Structure, table 5.1: father's education and
# occupation, own education, first job, occupation in 1962. About 20,700 men.
BLAU_DUNCAN_NAMES = ["father_edu", "father_occ", "education", "first_job", "occupation"]
BLAU_DUNCAN = symmetric(
    [
        [1.0],
        [0.516, 1.0],
        [0.453, 0.438, 1.0],
        [0.332, 0.417, 0.538, 1.0],
        [0.322, 0.405, 0.596, 0.541, 1.0],
    ]
)
BLAU_DUNCAN_MODEL = """
    education  ~ v*father_edu + x*father_occ
    first_job  ~ u*education + x2*father_occ
    occupation ~ w*first_job + u2*education + x3*father_occ
    through_first_job := u*w
    total_of_education := u2 + u*w
"""

# Magni, Chierici, Fait and Lefebvre (2022), table 4, n = 300.
MAGNI_NAMES = ["customer", "market", "economic", "risk", "readiness"]
MAGNI = symmetric(
    [
        [1.0],
        [0.011, 1.0],
        [0.108, 0.067, 1.0],
        [0.433, 0.031, 0.139, 1.0],
        [0.098, 0.115, 0.114, -0.076, 1.0],
    ]
)

# Four occasions of something that grows, a covariate of the growth and one of the occasions: made
# up from a level and a slope, with what these leave.
GROWTH_NAMES = ["t1", "t2", "t3", "t4", "x", "c"]
GROWTH = symmetric(
    [
        [1.6],
        [1.2, 2.4],
        [1.55, 2.2, 3.8],
        [1.6, 2.7, 3.8, 5.8],
        [0.5, 0.8, 0.9, 1.0, 1.0],
        [0.5, 0.3, 0.3, 0.3, 0.3, 1.0],
    ]
)
GROWTH_MODEL = """
    level =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
    slope =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
"""

HOLZINGER_SWINEFORD = """
    visual  =~ x1 + x2 + x3
    textual =~ x4 + x5 + x6
    speed   =~ x7 + x8 + x9
"""
POLITICAL_DEMOCRACY = """
    # Bollen (1989), Structural Equations with Latent Variables, chapter 8
    ind60 =~ x1 + x2 + x3
    dem60 =~ y1 + y2 + y3 + y4
    dem65 =~ y5 + y6 + y7 + y8
    dem60 ~ ind60
    dem65 ~ ind60 + dem60
    y1 ~~ y5
    y2 ~~ y4 + y6
    y3 ~~ y7
    y4 ~~ y8
    y6 ~~ y8
"""
DEMOCRACY_COLUMNS = ["x1", "x2", "x3", *(f"y{i}" for i in range(1, 9))]
INTELLIGENCE_COLUMNS = [f"x{i}" for i in range(1, 10)]


@cache
def published_cases() -> dict[str, Case]:
    """Published models, and variants of them that use the rest of the syntax."""
    hs = ("holzinger_swineford39_data.csv", INTELLIGENCE_COLUMNS)
    with_age = (hs[0], [*INTELLIGENCE_COLUMNS, "ageyr", "agemo"])
    pd = ("pd_data.csv", DEMOCRACY_COLUMNS)
    growth = (GROWTH_NAMES, GROWTH, 400)
    magni = (MAGNI_NAMES, MAGNI, 300)
    wheaton = (WHEATON_NAMES, WHEATON, 932)
    mediation = """
        risk ~ a1*customer + a2*market + a3*economic
        readiness ~ c1*customer + c2*market + c3*economic + b*risk
        indirect := a1*b
        total := c1 + a1*b
        share := (a1*b) / (c1 + a1*b)
        odd := exp(-a1) + sqrt(a1^2) - log(2 + b^2) * 3
    """
    loops = """
        # two outcomes that feed back on each other, each with its own instrument
        first_job ~ occupation + education + father_edu
        occupation ~ first_job + education + father_occ
    """
    cases = [
        _from_data("holzinger_swineford", HOLZINGER_SWINEFORD, *hs),
        _from_data("holzinger_swineford_std_lv", HOLZINGER_SWINEFORD, *hs, std_lv=True),
        _from_data("second_order", HOLZINGER_SWINEFORD + "g =~ visual + textual + speed", *hs),
        _from_data(
            "second_order_std_lv",
            HOLZINGER_SWINEFORD + "g =~ visual + textual + speed",
            *hs,
            std_lv=True,
        ),
        _from_data(
            "bifactor",
            "g =~ " + " + ".join(INTELLIGENCE_COLUMNS) + "\nspeed =~ x7 + x8 + x9\ng ~~ 0*speed",
            *hs,
        ),
        _from_data(
            "equal_loadings",
            "f =~ NA*x1 + a*x1 + a*x2 + b*x3\nf ~~ 1*f\nt =~ x4 + x5 + start(0.9)*x6\n"
            "x1 ~~ e*x1\nx2 ~~ e*x2\nx3 ~~ 0.8*x3",
            *hs,
        ),
        _from_data(
            "linear_equality",
            "f =~ x1 + a*x2 + b*x3\nt =~ x4 + c*x5 + d*x6\na == 2*b - 0.5\nc + d == 2",
            *hs,
        ),
        _from_data(
            "factor_with_covariates",
            "f =~ x1 + x2 + x3\nt =~ x4 + x5 + x6\nf ~ x7 + x8\nx9 ~ f + t + x8\nt ~ f",
            *hs,
        ),
        _from_data(
            "single_indicator",
            "f =~ x1\nt =~ x4 + x5 + x6\nx1 ~~ 0.3*x1\ng =~ x9\nt ~ f + g\nx7 ~ t",
            *hs,
        ),
        _from_data("political_democracy", POLITICAL_DEMOCRACY, *pd),
        _from_data(
            "political_democracy_equal",
            """
            ind60 =~ x1 + x2 + x3
            dem60 =~ y1 + a*y2 + b*y3 + c*y4
            dem65 =~ y5 + a*y6 + b*y7 + c*y8
            dem60 ~ p*ind60
            dem65 ~ q*ind60 + r*dem60
            y1 ~~ y5; y2 ~~ y4 + y6; y3 ~~ y7; y4 ~~ y8; y6 ~~ y8
            indirect := p*r
            total := q + p*r
            """,
            *pd,
        ),
        # A factor and one of its indicators both stand in regressions.
        _from_data(
            "mimic",
            "visual =~ x1 + x2 + x3; visual ~ ageyr; x1 ~ ageyr",
            *with_age,
        ),
        _from_data(
            "mimic_indicators",
            HOLZINGER_SWINEFORD
            + """
            visual ~ ageyr + agemo; textual ~ ageyr + agemo; speed ~ visual + ageyr
            x1 ~ ageyr; x7 ~ agemo + x4
            """,
            *with_age,
        ),
        _from_data(
            "second_order_mimic",
            HOLZINGER_SWINEFORD
            + "g =~ visual + textual + speed; g ~ ageyr; x9 ~ ageyr; speed ~ agemo",
            *with_age,
        ),
        _from_data(
            "second_order_residuals",
            HOLZINGER_SWINEFORD + "g =~ visual + textual + speed; x7 ~~ x8; x1 ~~ x4",
            *hs,
        ),
        _from_data(
            "indicators_predict",
            HOLZINGER_SWINEFORD + "textual ~ visual; x9 ~ x1 + x4; speed ~ x4",
            *hs,
        ),
        _from_data(
            "observed_path",
            "x1 ~ ageyr + agemo; x2 ~ x1; x3 ~ x2 + agemo; x4 ~ x3; x1 ~~ x4",
            *with_age,
        ),
        Case("growth", GROWTH_MODEL + "level ~ x; slope ~ x", *growth),
        Case(
            "growth_covariate",
            GROWTH_MODEL + "level ~ x; slope ~ x; t1 ~ c; t2 ~ c; t3 ~ c; t4 ~ c",
            *growth,
        ),
        Case(
            "growth_occasions",
            GROWTH_MODEL + "level ~ x; slope ~ x + level; t3 ~ c + t2",
            *growth,
        ),
        Case("wheaton", WHEATON_MODEL, *wheaton),
        Case(
            "wheaton_equal",
            WHEATON_MODEL.replace("+ power67", "+ k*power67").replace("+ power71", "+ k*power71")
            + "anomia67 ~~ e*anomia67; anomia71 ~~ e*anomia71",
            *wheaton,
        ),
        Case("blau_duncan", BLAU_DUNCAN_MODEL, BLAU_DUNCAN_NAMES, BLAU_DUNCAN, 20700),
        Case("feedback", loops, BLAU_DUNCAN_NAMES, BLAU_DUNCAN, 20700),
        Case("magni_path", "readiness ~ customer + market + economic + risk", *magni),
        Case("magni_mediation", mediation, *magni),
        Case("magni_full_mediation", "risk ~ customer\nreadiness ~ risk", *magni),
        Case(
            "magni_errors_in_variables",
            """
            C =~ customer; E =~ economic; R =~ risk
            customer ~~ 0.2*customer; economic ~~ 0.2*economic; risk ~~ 0.2*risk
            readiness ~ C + market + E + R
            """,
            *magni,
        ),
        Case(
            "magni_random_x",
            "readiness ~ customer + market\ncustomer ~~ market\nrisk ~ customer\nrisk ~~ market",
            *magni,
        ),
    ]
    return {case.name: case for case in cases}


@cache
def recorded() -> dict[str, dict]:
    """lavaan's recorded answers, by case."""
    return json.loads(RECORDED.read_text())


def why_no_lavaan() -> str:
    """Why lavaan cannot be asked on this machine; empty where it can."""
    if shutil.which("Rscript") is None:
        return "R is not installed"
    check = 'for (p in c("lavaan", "jsonlite")) library(p, character.only = TRUE)'
    found = subprocess.run(["Rscript", "-e", check], capture_output=True, text=True, check=False)
    return "" if found.returncode == 0 else "R has no lavaan or no jsonlite"


def additions(case: Case) -> list[str]:
    """What modification indices are about: the parameters that a model could have besides."""
    return [f"{p.lhs} {p.op} {p.rhs}" for p in candidates(specify(case.model, std_lv=case.std_lv))]


def ask_lavaan(cases: dict[str, Case]) -> dict[str, dict]:
    """lavaan's answers, now."""
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "cases.json"), Path(folder, "answers.json")
        asked = {name: asdict(case) | {"added": additions(case)} for name, case in cases.items()}
        question.write_text(json.dumps(asked))
        command = ["Rscript", str(HERE / "lavaan.R"), str(question), str(answer)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        return json.loads(answer.read_text())
