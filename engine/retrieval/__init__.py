"""Layer 1: text encoders and, later, the library of reference clips."""
