"""Layer 2: LLaMA loading and quantization, prompting, constrained decoding, parsing of sections."""
