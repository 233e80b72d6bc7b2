"""Layer 0: types, rotations, skeleton, registry, errors, configuration, device. Imports nothing else of ours."""
