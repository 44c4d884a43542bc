"""The host as the customer sees them: mouth, smile, gaze and posture."""
