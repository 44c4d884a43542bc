"""Who may log in, and what each may see and do."""
