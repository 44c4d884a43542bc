"""Pixels in, what was seen out: the ONNX models and their decoding."""

import os

# Here, so that it is set before any room of this package imports onnxruntime: its Linux wheels from 1.29 on carry
# telemetry that is on by default and keeps a device id under the home folder. Nothing may leave the desk that the
# company did not ask for.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
