"""The host over time: resting face, smile, posture, work; decisions over observations, no pixels."""
