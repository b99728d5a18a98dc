"""The one palette of figures, diagrams and pages.

What pages are coloured with stands in `templates/style.css` too, which Snakemake reads by itself; a
test compares them. Colours of data are Okabe and Ito's (2008, Color Universal Design), told apart
by people who do not see red from green; marks, signs or dashes say the same everywhere.
"""

# Texts and lines, darkest first, and what lies behind them.
INK, QUIET, GREY, PALE, BAND, WHITE = (
    "#1c2430",
    "#4a5565",
    "#737d8c",
    "#d5dbe1",
    "#f4f6f9",
    "#ffffff",
)
LINK = "#1f5fa8"

BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
PURPLE, ORANGE, SKY = "#cc79a7", "#e69f00", "#56b4e9"
# Between for and against; Okabe and Ito's own yellow is too bright for large tiles.
YELLOW = "#e3c44f"
# The middle of a scale from vermilion to blue.
MIDDLE = "#efebe0"

# Lines of several hypotheses; vermilion and yellow are left to what is decided of one.
SERIES = (BLUE, GREEN, PURPLE, ORANGE, SKY, "#8b5a2b", "#5d3a9b", "#a0a000")

# Light enough for text upon them: single cells, and larger fields.
SOFT_BLUE, SOFT_ORANGE, SOFT_VIOLET = "#8ecae6", "#f4a261", "#cdb4db"
FIELDS = (
    "#dbe9f6",
    "#fde8cd",
    "#e3e0ef",
    "#dcf0e4",
    "#f9dfe4",
    "#eef0c9",
    "#e6e6e6",
    "#d5eef0",
    "#f1e4d8",
    "#e4ecd4",
)
