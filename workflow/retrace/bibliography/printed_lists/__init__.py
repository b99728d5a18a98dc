"""Reference lists as papers print them, in the styles of journals."""
