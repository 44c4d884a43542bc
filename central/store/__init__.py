"""Where measurements are kept: every one exactly once, as it came, with the way to find it again."""
