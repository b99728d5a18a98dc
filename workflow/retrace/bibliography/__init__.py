"""Bibliographies: printed reference lists and citations turned into works, and checked.

`references` reads printed lists, `formats` reads and `export` writes bibliography files,
`mentions` finds author-year citations in a text, `citations` links them, `works` matches the
references of several papers, `conflicts` says where papers disagree, `coupling` and `network` map
what papers share.
"""
