"""What printed correlations imply for printed regressions.

`printed_model` is a regression as printed, `recomputed` what its correlations imply;
`comparison`, `relations` and `stars` judge printed numbers one by one; `feasibility` (with
`constraints`, `linear_programs` and `conflict`) and `sd_ratios` judge them together.
"""
