"""What a run is told, and what it finds: settings, awkward paths, homes that are read-only, garbage."""
