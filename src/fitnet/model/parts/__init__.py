"""The parts of a model: each says what it puts into the model's file, reads it back and refuses what cannot be."""
