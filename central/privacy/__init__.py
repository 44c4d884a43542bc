"""What is held about a person: found, handed out, and erased."""
