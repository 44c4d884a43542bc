"""What many verdicts and waits come to: shares with their intervals, medians, a desk's day. Pure."""
