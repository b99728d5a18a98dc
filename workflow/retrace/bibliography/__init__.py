"""Bibliographies: printed reference lists and citations turned into works, and checked.

`printed_lists` reads what papers print, `readers` bibliography files; `citations` finds author-year
citations in a text and says which reference they mean; `works` puts the references of several
papers together and says where they disagree; `export` writes them.
"""
