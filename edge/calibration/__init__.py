"""From somebody who stands at known marks, or a printed board, to a camera's place, tilt and lens, and how well they are known."""
