"""Works: references of several papers put together, and where the papers disagree."""
