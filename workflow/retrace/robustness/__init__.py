"""Would a conclusion survive another defensible analysis?

`specifications`, `suppression`, `confounding` and `overturning` vary the regressions;
`structural_models`, `latent_models`, `mediation` and `measurement_error` put structural equation
models beside them; `other_programs` asks other programs; `verdicts` brings the answers together.
"""
