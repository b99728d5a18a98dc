"""Tables as people read them, in LaTeX, HTML and Markdown.

>>> from retrace.reporting import Column, Table, render
>>> table = Table("Means", [Column("Construct"), Column("Mean", "right")], [["Trust", "4.2"]])
>>> print(render(table, "md"))
**Means**
<BLANKLINE>
| Construct | Mean |
|:--|--:|
| Trust | 4.2 |
<BLANKLINE>
"""

from retrace.reporting.table import Column, Table, render, render_all, to_csv

__all__ = ["Column", "Table", "render", "render_all", "to_csv"]
