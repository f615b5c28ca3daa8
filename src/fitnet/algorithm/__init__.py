"""The paper's section 2: networks, activations, losses, optimizers and schedules. Definitions only, no loops."""
