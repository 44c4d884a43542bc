"""The ONNX networks: where they come from, what goes into them, how one is run."""
