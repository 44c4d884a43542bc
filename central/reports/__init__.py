"""What a page or a terminal shows of scored days."""
