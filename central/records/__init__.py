"""What the desks measured, read again from the database."""
