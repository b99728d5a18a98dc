"""Answers to whether a decision depends on what is assumed.

- `cannot`: it is the same whatever is assumed, as proven or for a reason given.
- `does not`: every data set decides alike, which is evidence and no proof.
- `depends`: what is assumed makes a difference.
- `left open by print`: data sets that print the same decide differently, whatever is assumed.
- `undecided`: there are too few to tell.
"""

CANNOT, DOES_NOT, DEPENDS = "cannot", "does not", "depends"
LEFT_OPEN, UNDECIDED = "left open by print", "undecided"
