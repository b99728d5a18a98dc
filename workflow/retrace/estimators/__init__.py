"""Estimators of regressions: from correlations alone, and on data.

`least_squares` takes a correlation matrix and n; `least_squares_on_data` takes data, and so do
robust standard errors, bootstrap, robust and ordinal regression (`estimators_on_data`).
`errors_in_variables` and `measurement` take reliabilities and method variance.

Diagnostics of residuals and robust regression are kept by hand, for hundreds of data sets one after
another. statsmodels gives the same numbers, as tests show, but with it all estimators together take
twice as long, thrice at 10,000 observations, and each job half a second more to import it.
"""
