"""Layer 1: RQ-VAE and the codec that turns motion into codes and back."""
