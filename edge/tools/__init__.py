"""What a technician runs: replay, calibrate, phone, demo, doctor."""
