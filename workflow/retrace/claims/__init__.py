"""Claims: statements of a paper that its own tables can confirm or refute.

>>> from retrace.claims import Claim, check_claims
>>> claim = Claim("interviews", "section 3", "Two were interviewed.", "two",
...               "SELECT count(*) FROM people")
>>> check_claims([claim], {"people": (["name"], [["A"], ["B"]])})[0].verdict
'holds'
"""

from retrace.claims.claim import Claim, read_claims
from retrace.claims.verdicts import (
    FAILS,
    HOLDS,
    NOT_CHECKABLE,
    VERDICTS,
    ClaimError,
    Verdict,
    check_claims,
    find_problems,
)

__all__ = [
    "FAILS",
    "HOLDS",
    "NOT_CHECKABLE",
    "VERDICTS",
    "Claim",
    "ClaimError",
    "Verdict",
    "check_claims",
    "find_problems",
    "read_claims",
]
