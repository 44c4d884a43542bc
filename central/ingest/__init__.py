"""From the broker into the database, and the acknowledgement back."""
