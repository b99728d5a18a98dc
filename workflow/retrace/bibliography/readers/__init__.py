"""Bibliography files in their formats: BibTeX, RIS, CSL-JSON."""
