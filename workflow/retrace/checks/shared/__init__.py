"""What every check has at hand: a paper's record, addresses, and likely misprints."""
