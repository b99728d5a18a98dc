"""Untrusted data: bounds on what files of others may hold, and plain readings of them."""
