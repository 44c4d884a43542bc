"""The pages of the service, and the way to them: log-in, roles, headers."""
