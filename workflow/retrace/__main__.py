"""`python -m retrace`, where the command `retrace` is not on the path."""

import sys

from retrace.cli import main

if __name__ == "__main__":
    sys.exit(main())
