"""Checks the ONNX files against their sources: `make models-check`."""
