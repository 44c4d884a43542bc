"""Measurements held against a standard: pure, so that the same facts always give the same score."""
