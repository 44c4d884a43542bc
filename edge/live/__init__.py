"""The parts of the live desk that touch the world, and never stop it when they fail."""
