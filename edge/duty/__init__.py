"""Who serves the desk: what a badge reader's keys spell, which pseudonym a badge stands for, and who is signed in."""
