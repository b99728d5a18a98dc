"""What a run is told, and what it finds: settings, awkward paths, read-only homes, garbage."""
