"""Do the printed regression results follow, and would the conclusions survive?

`matrix` and `data` estimate; `envelope`, `feasibility` (with `linearised` and `conflict`) and
`sd_ratios` say what a printed correlation table allows; `comparison`, `relations` and `stars` judge
printed numbers; `specifications`,
`measurement`, `errors`, `confounding` and `montecarlo` ask whether a hypothesis would survive
another defensible analysis; `verdicts` brings the answers together.

Matrices put the outcome last: a model with k predictors has a (k + 1) x (k + 1) correlation
matrix R, degrees of freedom df = n - k - 1, and cells addressed by their place above the diagonal.
"""
