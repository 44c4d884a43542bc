"""The company's own standards: written by one, approved by another, in force in showrooms from a moment on, and sent to the desks."""
