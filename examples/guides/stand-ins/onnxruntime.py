"""Stands in for ONNX Runtime: prints the options of a session."""


def InferenceSession(_model, providers):  # the engine's name
    print(*providers)
