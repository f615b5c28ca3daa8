"""Models: what is kept of a training, and the file it lives in."""
