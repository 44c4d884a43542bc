"""Pixels in, what was seen out: the ONNX models and their decoding."""
