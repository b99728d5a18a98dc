"""How well a model fits: lavaan's default measures, by lavaan's default conventions.

- The test statistic is `n F`, with the sample matrix rescaled by `(n - 1) / n` (likelihood
  "normal").
- Exogenous observed variables are fixed: they count neither among the parameters nor the moments,
  the baseline model lets them covary, and the likelihood is conditional on them.
- The mean structure is saturated and left out of all counts.
- SRMR is Bentler's (1995): correlation residuals scaled by the sample's standard deviations, over
  all variances and covariances.
- A model that reproduces its matrix has chi-square, RMSEA and SRMR 0, CFI and TLI 1.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrace.sem.structure import Structure

Array = NDArray[np.floating]
# F that is rounding: a model that reproduces its matrix has a chi-square of exactly 0.
NOISE = 1e-12
RMSEA_CONFIDENCE = 0.90
CLOSE_FIT = 0.05


@dataclass(frozen=True)
class FitMeasures:
    """Fit of one model to one matrix. NaN where a measure is not defined.

    `chi2`, `df`, `p`: test against the saturated model; `baseline_*` the same of the model without
    covariances; `cfi`, `tli` (Bentler 1990; Tucker and Lewis 1973); `rmsea` with its 90 % interval
    and the p value of close fit, RMSEA <= 0.05 (Browne and Cudeck 1993); `srmr`; `log_likelihood`
    of the model and `npar` its parameters; `aic`, `bic`, and `sabic` with `n` replaced by
    `(n + 2) / 24` (Sclove 1987).
    """

    chi2: float
    df: int
    p: float
    baseline_chi2: float
    baseline_df: int
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    p_close: float
    srmr: float
    log_likelihood: float
    npar: int
    aic: float
    bic: float
    sabic: float


def fit_measures(
    structure: Structure, sample: Array, sigma: Array, discrepancy: float, n: int
) -> FitMeasures:
    """Measures of one fit; all but `df` and `npar` are NaN where there is no solution.

    Parameters
    ----------
    structure : Structure
    sample, sigma : array (p, p)
        Sample matrix, rescaled, and implied matrix.
    discrepancy : float
        F at the optimum.
    n : int
        Observations.
    """
    # scipy.special costs more to import than everything else here.
    from scipy.special import chdtrc, chndtr

    df, q = structure.df, structure.q
    if not np.isfinite(discrepancy):
        nothing: dict[str, Any] = dict.fromkeys(
            (field.name for field in fields(FitMeasures)), np.nan
        )
        return FitMeasures(**nothing | {"df": df, "npar": q, "baseline_df": 0})
    exact = discrepancy < NOISE
    chi2 = 0.0 if exact else n * discrepancy
    baseline_chi2, baseline_df = _baseline(structure, sample, n)
    excess, baseline_excess = chi2 - df, baseline_chi2 - baseline_df
    worst = max(excess, baseline_excess, 0.0)
    cfi = 1.0 - max(excess, 0.0) / worst if worst > 0 else 1.0
    tli = 1.0 - excess * baseline_df / (baseline_excess * df) if df > 0 < baseline_df else 1.0
    rmsea = np.sqrt(max(excess, 0.0) / (n * df)) if df > 0 else 0.0
    low, high = rmsea_interval(chi2, df, n)
    log_likelihood = _log_likelihood(structure, sample, sigma, n)
    deviance = -2.0 * log_likelihood
    return FitMeasures(
        chi2=chi2,
        df=df,
        p=float(chdtrc(df, chi2)) if df > 0 else np.nan,
        baseline_chi2=baseline_chi2,
        baseline_df=baseline_df,
        cfi=cfi,
        tli=tli,
        rmsea=float(rmsea),
        rmsea_low=low,
        rmsea_high=high,
        p_close=1.0 - float(chndtr(chi2, df, n * df * CLOSE_FIT**2)) if df > 0 else np.nan,
        srmr=0.0 if exact else _srmr(sample, sigma),
        log_likelihood=log_likelihood,
        npar=q,
        aic=deviance + 2 * q,
        bic=float(deviance + q * np.log(n)),
        sabic=float(deviance + q * np.log((n + 2) / 24)),
    )


def rmsea_interval(
    chi2: float, df: int, n: int, confidence: float = RMSEA_CONFIDENCE
) -> tuple[float, float]:
    """Limits of RMSEA from the noncentralities that put `chi2` at the tails' quantiles."""
    from scipy.special import chndtr, chndtrinc

    if df <= 0:
        return 0.0, 0.0
    tail = (1.0 - confidence) / 2.0
    limits = [
        float(chndtrinc(chi2, df, probability)) if chndtr(chi2, df, 0.0) > probability else 0.0
        for probability in (1.0 - tail, tail)
    ]
    low, high = (float(np.sqrt(limit / (n * df))) for limit in limits)
    return low, high


def _baseline(structure: Structure, sample: Array, n: int) -> tuple[float, int]:
    """Test statistic and df of the model in which only fixed x covary."""
    x = structure.exogenous
    y = np.setdiff1d(np.arange(structure.p), x)
    log_sigma = np.log(np.diag(sample)[y]).sum() + _log_determinant(sample[np.ix_(x, x)])
    f = log_sigma - _log_determinant(sample)
    return float(n * max(f, 0.0)), len(y) * (len(y) - 1) // 2 + len(y) * len(x)


def _log_determinant(matrix: Array) -> float:
    return float(np.linalg.slogdet(matrix)[1]) if matrix.size else 0.0


def _log_likelihood(structure: Structure, sample: Array, sigma: Array, n: int) -> float:
    """Of the endogenous variables, given the fixed exogenous ones."""
    x = structure.exogenous
    sample_x = sample[np.ix_(x, x)]
    joint = _log_determinant(sigma) + np.trace(np.linalg.solve(sigma, sample))
    conditional = joint - _log_determinant(sample_x) - len(x)
    return float(-n / 2 * ((structure.p - len(x)) * np.log(2 * np.pi) + conditional))


def _srmr(sample: Array, sigma: Array) -> float:
    sd = np.sqrt(np.diag(sample))
    residual = (sample - sigma) / np.outer(sd, sd)
    lower = residual[np.tril_indices(len(sample))]
    return float(np.sqrt(np.mean(lower**2)))
