"""Claims: statements of a paper that its own tables can confirm or refute.

`claim`, `inventory` and `crosswalk` read the files of a paper's folder and need no DuckDB, so
nothing is imported here that does; `sandbox` decides claims over tables in a process of its own.

>>> from retrace.claims.claim import Claim
>>> from retrace.claims.sandbox import check_claims
>>> claim = Claim("interviews", "section 3", "Two were interviewed.", "two",
...               "SELECT count(*) FROM people")
>>> check_claims([claim], {"people": (["name"], [["A"], ["B"]])})[0].verdict
'holds'
"""
