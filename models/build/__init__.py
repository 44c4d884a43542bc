"""Builds the ONNX files beside this package from their published weights: `python -m models.build [FOLDER]`."""
