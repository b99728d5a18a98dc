"""Power, replication and exaggeration: regressions on new samples from a printed population."""
