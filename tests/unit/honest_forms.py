"""How papers print the numbers of `honest_papers`: the forms of tables that journals have."""

from __future__ import annotations

import csv
import json
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
from honest_papers import CORRECTIONS, Fit, Made
from scipy import stats
from statsmodels.stats.multitest import multipletests

ENDINGS = {"even": ROUND_HALF_EVEN, "up": ROUND_HALF_UP, "cut": ROUND_DOWN}
NOTHING = ("", "–", "—", "-", "--", "n.a.", "…")
WIDE, NEW, ALL, FINAL, LONG = "wide", "steps, new terms", "steps, all terms", "final step", "long"
LAYOUTS = (WIDE, WIDE, NEW, ALL, FINAL, LONG)
CELLS = ("alone", "brackets", "brackets below", "interval", "interval below", "columns")


class Hand:
    """The hand that a paper is printed in: signs, zeros, the last digit, stars.

    Parameters
    ----------
    rng : numpy.random.Generator
    ending : str
        `even`, `up` or `cut`.
    """

    def __init__(self, rng: np.random.Generator, ending: str):
        self.ending = ENDINGS[ending]
        self.minus = str(rng.choice(["-", "−", "–", "− "]))
        self.zero = bool(rng.integers(2))
        self.comma = bool(rng.random() < 0.15)
        self.star = str(rng.choice(["*", "*", "∗", "⁎"]))
        self.decimals = int(rng.integers(1, 5))
        self.nothing = str(rng.choice(NOTHING))

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number with so many decimals, or the table's."""
        d = self.decimals if decimals is None else decimals
        # As written in decimals: a mean of 4.3 that is stored as 4.2999... is not cut off to 4.2.
        text = str(
            Decimal(repr(round(float(value), 10))).quantize(Decimal(1).scaleb(-d), self.ending)
        )
        if "E" in text:
            text = f"{Decimal(text):f}"
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        if not self.zero and digits.startswith("0."):
            digits = digits[1:]
        if self.comma:
            digits = digits.replace(".", ",")
        return (self.minus if sign else "") + digits

    def p(self, value: float) -> str:
        """A p value with three decimals or more; very small ones as a bound."""
        d = max(self.decimals, 3)
        if value < 0.001:
            return "<" + self.number(0.001, 3)
        return self.number(value, d)

    def interval(self, low: float, high: float) -> str:
        """The ends of an interval in square brackets."""
        return f"[{self.number(low)}{';' if self.comma else ','} {self.number(high)}]"

    def stars(self, p: float, legend: dict[str, float]) -> str:
        """The marks of a p value."""
        marks = sorted(legend.items(), key=lambda item: item[1])
        found = next((mark for mark, level in marks if p <= level), "")
        return found.replace("*", self.star)


def write(folder: Path, made: Made) -> dict:
    """Print a paper into a folder; what form it was given.

    Returns
    -------
    dict
        Convention and form, for messages.
    """
    rng = np.random.default_rng([made.seed, 1])
    hand = Hand(rng, made.how["ending"])
    form = made.how | {"decimals": hand.decimals, "n": made.n, "seed": made.seed}
    form["correlations"] = bool(rng.random() < 0.6) or made.how["standardised"]
    study: dict = {"n": made.n, "stars": made.how["legend"], "constructs": {}}
    tables: dict[str, list[list[str]]] = {}
    for variable in made.variables:
        entry: dict = {"label": variable.name.upper()}
        if variable.items is None:
            entry["unit"] = variable.unit
        else:
            entry["scale"] = dict(zip(("min", "max"), variable.scale, strict=True))
            entry["items"] = variable.items.shape[1]
        study["constructs"][variable.name] = entry
    if form["correlations"]:
        table = Correlations(rng, hand, made)
        tables["correlations.csv"], study["correlations"] = table.rows(), table.entry
        form["matrix"] = table.form
    table = Regressions(rng, hand, made)
    tables["regressions.csv"], study["regressions"] = table.rows(), {"t": table.entry}
    form["table"] = table.form
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    description = {
        "title": "A study",
        "authors": [{"family": "Nobody"}],
        "licence": {"name": "none"},
        "study": study,
    }
    if hand.comma:
        description["decimal_sign"] = ","
    (folder / "paper.yaml").write_text(json.dumps(description, ensure_ascii=False))
    return form


class Correlations:
    """A table of correlations with what stands beside, on and above its diagonal."""

    def __init__(self, rng: np.random.Generator, hand: Hand, made: Made):
        self.rng, self.hand, self.made = rng, hand, made
        self.decimals = int(rng.choice([1, 2, 2, 2, 3, 4]))
        self.form = {
            "decimals": self.decimals,
            "moments": str(rng.choice(["columns", "columns", "brackets", "rows", "none"])),
            "digits": int(rng.integers(1, 4)),
            "numbered": bool(rng.integers(2)),
            "diagonal": str(rng.choice(["nothing", "one", "alpha"])),
            "above": str(rng.choice(["nothing", "nothing", "same", "htmt", "other"])),
            "starred": bool(rng.integers(2)),
            "below": str(rng.choice(["", "", "", "interval"])),
        }
        if made.how["standardised"]:
            self.form["moments"] = "columns"
        pairwise = made.how["observed"] == "pairwise"
        self.form["counted"] = pairwise and bool(rng.integers(2))
        self.entry: dict = {"file": "correlations.csv", "stars": made.how["legend"]}
        if pairwise:
            self.entry["n"] = "pairwise"
        if self.form["diagonal"] == "alpha":
            self.entry["diagonal"] = "alpha"
        if self.form["above"] in ("htmt", "other"):
            self.entry["above"] = self.form["above"]
        if not self.form["starred"]:
            del self.entry["stars"]
        elif made.how["tails"] == 1 and made.how["named"]:
            self.entry["tails"] = 1
        if self.form["starred"] and made.how["correction"]:
            self.entry["corrected"] = made.how["correction"]
        self.p = self._tests()

    def _tests(self) -> np.ndarray:
        """p of each correlation by its own n."""
        R, n = self.made.R, self.made.pairs
        with np.errstate(divide="ignore", invalid="ignore"):
            t = R * np.sqrt((n - 2) / np.maximum(1 - R**2, 1e-300))
        p = stats.t.sf(np.abs(t), np.maximum(n - 2, 1)) * self.made.how["tails"]
        if method := self.made.how["correction"]:
            below = np.tril_indices(len(p), -1)
            p[below] = multipletests(p[below], method=CORRECTIONS[method])[1]
            p = np.tril(p, -1) + np.tril(p, -1).T
        return p

    def rows(self) -> list[list[str]]:
        """The table, its heading first."""
        names = [each.name for each in self.made.variables]
        heads = [str(i + 1) for i in range(len(names))] if self.form["numbered"] else names
        moments, before = self.form["moments"], []
        if moments == "columns":
            before = ["M", "SD"]
        elif moments == "brackets":
            before = ["M (SD)"]
        if self.form["counted"]:
            before.append("N")
        found = [["Variable", *before, *heads]]
        for i, name in enumerate(names):
            label = f"{i + 1}. {name.upper()}" if self.form["numbered"] else name
            cells = [self._cell(i, j) for j in range(len(names))]
            found.append([label, *self._moments(i), *cells])
            if self.form["below"] and i:
                limits = [self._limits(i, j) if j < i else "" for j in range(len(names))]
                found.append(["", *["" for _ in before], *limits])
        if moments == "rows":
            for head, place in (("Mean", 0), ("Std. Dev.", 1)):
                cells = [self._mean_and_sd(i)[place] for i in range(len(names))]
                found.append([head, *["" for _ in before], *cells])
        return found

    def _mean_and_sd(self, i: int) -> tuple[str, str]:
        values = self.made.variables[i].values
        values = values[~np.isnan(values)]
        d, ddof = self.form["digits"], self.made.how["sd"]
        return self.hand.number(values.mean(), d), self.hand.number(values.std(ddof=ddof), d)

    def _moments(self, i: int) -> list[str]:
        mean, sd = self._mean_and_sd(i)
        found = {"columns": [mean, sd], "brackets": [f"{mean} ({sd})"]}.get(
            self.form["moments"], []
        )
        if self.form["counted"]:
            found.append(str((~np.isnan(self.made.variables[i].values)).sum()))
        return found

    def _cell(self, i: int, j: int) -> str:
        hand, above = self.hand, self.form["above"]
        if i == j:
            return {"nothing": hand.nothing, "one": "1", "alpha": self._alpha(i)}[
                self.form["diagonal"]
            ]
        if j > i and above == "nothing":
            return hand.nothing if self.form["diagonal"] == "nothing" else ""
        if j > i and above != "same":
            return hand.number(self.rng.uniform(0, 0.9), self.decimals)
        marks = hand.stars(self.p[i, j], self.made.how["legend"]) if self.form["starred"] else ""
        return hand.number(self.made.R[i, j], self.decimals) + marks

    def _alpha(self, i: int) -> str:
        items = self.made.variables[i].items
        if items is None or items.shape[1] < 2:
            return self.hand.nothing
        m, total = items.shape[1], items.sum(axis=1).var(ddof=1)
        alpha = m / (m - 1) * (1 - items.var(axis=0, ddof=1).sum() / total)
        return f"({self.hand.number(alpha, 2)})"

    def _limits(self, i: int, j: int) -> str:
        """Fisher's interval of a correlation."""
        r, n = float(self.made.R[i, j]), int(self.made.pairs[i, j])
        if abs(r) >= 1 or n < 5:
            return ""
        reach = stats.norm.isf((1 - self.made.how["level"]) / 2) / np.sqrt(n - 3)
        low, high = np.tanh(np.arctanh(r) - reach), np.tanh(np.arctanh(r) + reach)
        decimals, self.hand.decimals = self.hand.decimals, self.decimals
        text = self.hand.interval(low, high)
        self.hand.decimals = decimals
        return text


class Regressions:
    """A table of regressions: its layout, its cells and its foot."""

    def __init__(self, rng: np.random.Generator, hand: Hand, made: Made):
        self.rng, self.hand, self.made = rng, hand, made
        how, several = made.how, len(made.fits) > 1
        layout = str(rng.choice(LAYOUTS)) if several else str(rng.choice([WIDE, LONG]))
        cell = "columns" if layout == LONG else str(rng.choice(CELLS))
        if layout in (NEW, ALL, FINAL) and cell.endswith("below"):
            cell = "brackets"
        self.estimate = "beta" if how["beta"] else "b"
        self.bracket = str(rng.choice(["se", "se", "t", "p"]))
        self.columns = [self.estimate, *(c for c in ("se", "t", "p") if rng.integers(2))]
        self.columns += ["ci_low", "ci_high"] if rng.random() < 0.3 else []
        self.starred = bool(rng.integers(2)) or cell in ("alone", "interval", "interval below")
        self.constant = not how["beta"] and bool(rng.integers(2)) and layout != FINAL
        self.layout, self.cell = layout, cell
        self.foot = self._foot()
        self.form = {
            "layout": layout,
            "cell": cell,
            "bracket": self.bracket,
            "columns": self.columns,
            "foot": sorted(self.foot),
            "dummies": made.dummies,
        }
        self.entry = self._entry()

    def _entry(self) -> dict:
        how = self.made.how
        entry: dict = {"file": "regressions.csv", "outcome": "y", "estimate": self.estimate}
        if self.cell.startswith("brackets"):
            entry["brackets"] = self.bracket
        entry["stars"] = how["legend"]
        if how["tails"] == 1 and how["named"]:
            entry["tails"] = 1
        # A p that is printed shows how it is corrected; stars alone do not, and their note does.
        shows = "p" in self.columns if self.cell == "columns" else self.cell.startswith("brackets")
        shows = shows and (self.cell == "columns" or self.bracket == "p")
        if how["correction"] and (not shows or self.rng.integers(2)):
            entry["corrected"] = how["correction"]
        if self.layout in (NEW, FINAL):
            entry["steps"] = "new" if self.layout == NEW else "final"
        errors = how["errors"]
        if errors in ("clustered", "bootstrap", "weighted"):
            entry["errors"] = errors
        elif errors.startswith("HC"):
            entry["errors"] = "robust"
        if self.rng.integers(2):
            entry["level"] = how["level"]
        self.form["levelled"] = "level" in entry
        self.form["known"] = bool(self.rng.integers(2))
        if self.made.dummies:
            known = self.made.dummies if self.form["known"] else None
            entry["unprinted"] = {"Dummies": known}
        own = how["observed"] != "all" and "N" not in self.foot
        if own and ("df" not in self.foot or self.rng.integers(2)):
            entry["n"] = self.made.fits[0].n
        return entry

    def _foot(self) -> dict[str, list[str]]:
        """Rows of the whole models, by their headings: a drawn part of what the errors allow."""
        rng, hand, made = self.rng, self.hand, self.made
        found: dict[str, list[str]] = {}
        percent, stars = bool(rng.random() < 0.15), bool(rng.integers(2))
        total, beside_first = bool(rng.integers(2)), bool(rng.integers(2))
        errors = made.how["errors"]
        tested = errors in ("ols", "HC0", "HC1", "HC2", "HC3", "weighted")
        with_df = bool(rng.integers(2))
        before = 0.0
        for i, fit in enumerate(made.fits):
            r2, k = fit.whole["r2"], fit.n - fit.df - 1
            q = k - (0 if i == 0 else made.fits[0 if beside_first else i - 1].n - fit.df - 1)
            if i > 0:
                earlier = made.fits[0 if beside_first else i - 1]
                q = earlier.df - fit.df
            change = r2 - before
            f_change = change / q / max((1 - r2) / fit.df, 1e-300)
            p_change = stats.f.sf(f_change, q, fit.df)
            share = self._share if percent else hand.number
            texts = {
                "R²": (share(r2), fit.whole["f_p"]),
                "Adj. R²": (share(fit.whole["adjusted_r2"]), None),
                "F": (hand.number(fit.whole["f"], 2), fit.whole["f_p"]),
                "Prob > F": (hand.p(fit.whole["f_p"]), None),
                "df": (str(fit.df + (k if total else 0)), None),
                "N": (str(fit.n), None),
                "ΔR²": (share(change), p_change),
                "ΔF": (hand.number(f_change, 2), p_change),
            }
            if with_df:
                between = ";" if hand.comma else ","
                texts["F"] = (texts["F"][0] + f" ({k}{between} {fit.df})", None)
            for name, (text, p) in texts.items():
                marked = (
                    stars and tested and p is not None and not (errors != "ols" and name[0] == "R")
                )
                found.setdefault(name, []).append(
                    text + (hand.stars(p, made.how["legend"]) if marked else "")
                )
            if not beside_first or i == 0:
                before = r2
        shown = {name for name in found if rng.random() < 0.6}
        if not tested:
            shown -= {"F", "Prob > F", "ΔF"}
        if errors in ("ml", "wishart"):
            shown -= {"Adj. R²", "df"}
        if errors != "ols":
            shown -= {"ΔF"}
        return {name: cells for name, cells in found.items() if name in shown}

    def _share(self, value: float) -> str:
        return self.hand.number(100 * value, max(self.hand.decimals - 1, 0)) + "%"

    def _number(self, statistic: str, value: float) -> str:
        if statistic == "p":
            return self.hand.p(value)
        return self.hand.number(value, max(self.hand.decimals, 2) if statistic == "t" else None)

    def _of_a_term(self, fit: Fit, j: int) -> list[list[str]]:
        """The cells of a term in its row, and in the row below if it has one."""
        own = {name: float(column[j]) for name, column in fit.numbers.items()}
        if self.made.how["beta"] or self.estimate == "beta":
            own["beta"] = own["b"]
        marks = self.hand.stars(own["p"], self.made.how["legend"]) if self.starred else ""
        first = self._number(self.estimate, own[self.estimate])
        bracket = f"({self._number(self.bracket, own[self.bracket])})"
        limits = self.hand.interval(own["ci_low"], own["ci_high"])
        behind = self.hand.decimals % 2
        if self.cell == "columns":
            cells = [self._number(name, own[name]) for name in self.columns]
            return [[cells[0] + marks, *cells[1:]]]
        return {
            "alone": [[first + marks]],
            "brackets": [[f"{first} {bracket}{marks}" if behind else f"{first}{marks} {bracket}"]],
            "brackets below": [[first + marks], [bracket]],
            "interval": [[f"{first}{marks} {limits}"]],
            "interval below": [[first + marks], [limits]],
        }[self.cell]

    def rows(self) -> list[list[str]]:
        """The table, its heading first."""
        if self.layout == LONG:
            return self._long()
        return self._wide() if self.layout == WIDE else self._stacked()

    def _label(self, term: str) -> str:
        return term if term.startswith("(") else term.upper()

    def _terms(self, fit: Fit) -> list[int]:
        return list(range(0 if self.constant else 1, len(fit.terms)))

    def _width(self) -> int:
        return len(self.columns) if self.cell == "columns" else 1

    def _wide(self) -> list[list[str]]:
        fits, width = self.made.fits, self._width()
        heads = [f"Model {i + 1}" for i in range(len(fits))]
        if width > 1:
            called = {"b": "B", "beta": "β", "se": "SE", "t": "t", "p": "p"}
            called |= {"ci_low": "LLCI", "ci_high": "ULCI"}
            found = [
                ["", *(head if i == 0 else "" for head in heads for i in range(width))],
                ["", *(called[name] for _ in heads for name in self.columns)],
            ]
        else:
            found = [["", *heads]]
        last = fits[-1]
        for j in self._terms(last):
            lines = [self._of_a_term(fit, j) if j < len(fit.terms) else None for fit in fits]
            for below in range(len(lines[-1])):
                cells = [
                    cell
                    for line in lines
                    for cell in (line[below] if line else [self.hand.nothing] * width)
                ]
                found.append(["" if below else self._label(last.terms[j]), *cells])
        if self.made.dummies:
            found.append(["Dummies", *(c for _ in fits for c in ["Yes"] + [""] * (width - 1))])
        for name, cells in self.foot.items():
            found.append([name, *(c for cell in cells for c in [cell] + [""] * (width - 1))])
        if len(fits) == 1 and "F" in self.foot and "(" in self.foot["F"][0]:
            # `F (2, 209)` as the heading of its row.
            number, _, df = self.foot["F"][0].partition(" ")
            row = next(row for row in found if row[0] == "F")
            row[0], row[1] = f"F {df}", number
        return found

    def _stacked(self) -> list[list[str]]:
        fits, width = self.made.fits, self._width()
        called = {"b": "B", "beta": "β", "se": "SE", "t": "t", "p": "p"}
        called |= {"ci_low": "LLCI", "ci_high": "ULCI"}
        heads = [f"Y {called[name]}" for name in self.columns] if width > 1 else ["Y"]
        found = [["", *heads]]
        for i, fit in enumerate(fits):
            found.append([f"Step {i + 1}", *[""] * width])
            earlier = len(fits[i - 1].terms) if i else 1
            shown = range(earlier, len(fit.terms))
            if self.layout == ALL or (self.layout == NEW and i == 0 and self.constant):
                shown = self._terms(fit)
            source = fits[-1] if self.layout == FINAL else fit
            for j in shown:
                found += [[self._label(fit.terms[j]), *c] for c in self._of_a_term(source, j)]
            if self.made.dummies and (i == 0 or self.layout == ALL):
                found.append(["Dummies", "Yes", *[""] * (width - 1)])
            for name, cells in self.foot.items():
                found.append([name, cells[i], *[""] * (width - 1)])
        return found

    def _long(self) -> list[list[str]]:
        keys = {"R²": "r2", "Adj. R²": "adj_r2", "F": "f", "Prob > F": "f_p", "N": "n"}
        keys |= {"df": "df", "ΔR²": "r2_change", "ΔF": "f_change"}
        found = [["model", "term", *self.columns, *(keys[name] for name in self.foot)]]
        for i, fit in enumerate(self.made.fits):
            for place, j in enumerate(self._terms(fit)):
                whole = [cells[i] if place == 0 else "" for cells in self.foot.values()]
                found.append(
                    [str(i + 1), self._label(fit.terms[j]), *self._of_a_term(fit, j)[0], *whole]
                )
            if self.made.dummies:
                blank = [""] * (len(self.columns) + len(self.foot))
                found.append([str(i + 1), "Dummies", *blank])
        return found
