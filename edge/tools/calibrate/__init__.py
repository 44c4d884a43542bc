"""`deskside calibrate`: a technician, a camera and marks on the floor."""
