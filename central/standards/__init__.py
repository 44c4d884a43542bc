"""The service standards that this company holds its desks to."""
