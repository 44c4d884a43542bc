"""Verdicts that are kept: filled as measurements come, read by pages and reports in place of judging anew."""
