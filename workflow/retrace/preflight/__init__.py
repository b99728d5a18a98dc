"""Every check of all papers before the first job, beyond the reading of their folders."""
