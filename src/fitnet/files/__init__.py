"""Files: written as a whole or not at all, and distrusted when they are read."""
