"""Do the printed results follow from the printed statistics?

A check is a module of this package with a `CHECK` of the contract (`contract`); `finding` finds it
by its being there. What several of them share lies in folders: `shared` (a paper's record,
addresses of printed numbers, likely misprints) and `regression`.
"""

from retrace.checks.contract import find_checks
from retrace.checks.finding import NO_CHECK, check_paper, gather_papers, table_of

__all__ = ["NO_CHECK", "check_paper", "find_checks", "gather_papers", "table_of"]
