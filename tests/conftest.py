"""Settings of all tests."""

import os

from hypothesis import settings

# No time limit an example: machines are shared. In CI every run draws the same examples, so that a
# failure there is one of the change; at a developer's desk each run looks for new ones.
settings.register_profile("retrace", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("retrace")
