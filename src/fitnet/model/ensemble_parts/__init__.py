"""The parts of an ensemble: each says what it puts into the file, reads it back and refuses what cannot be."""
