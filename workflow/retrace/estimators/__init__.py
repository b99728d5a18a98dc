"""Estimators of regressions: from correlations alone, and on data.

`least_squares` takes a correlation matrix and n; `least_squares_on_data` takes data, and so do
robust standard errors, bootstrap, robust and ordinal regression (`estimators_on_data`).
`errors_in_variables` and `measurement` take reliabilities and method variance.
"""
