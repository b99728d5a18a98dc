"""Printed numbers and cells, and which of them whole counts can give."""
