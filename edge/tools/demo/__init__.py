"""The main job shown end to end on real pixels: `deskside demo`."""
