"""Citations: found in a text, and linked to the references that they mean."""
