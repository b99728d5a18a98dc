"""Bibliographies: printed reference lists and citations turned into works, and checked.

`references` reads printed lists, `formats` reads and `export` writes bibliography files,
`fulltext` and `mentions` find author-year citations in a text, `linking` says which reference they
mean, `matching` and `works` put the references of several papers together, `conflicts` says where
papers disagree, `coupling` and `network` map what papers share.
"""
