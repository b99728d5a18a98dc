"""Correlation matrices that round to a printed table: boxes, certificates, envelopes; and draws.

Matrices put the outcome last: a model with k predictors has a (k + 1) x (k + 1) correlation
matrix R, degrees of freedom df = n - k - 1, and cells addressed by their place above the diagonal.
"""
