"""Where a result comes from: digests, seals of the cache, random streams."""
