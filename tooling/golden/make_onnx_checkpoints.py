#!/usr/bin/env python3
"""Makes the small ONNX files that packages/weights is tested with.

    make_onnx_checkpoints.py OUT       writes OUT/*.onnx (packages/weights/fixtures)

A tiny network's tensors are those of checkpoint_values.py, exported by torch.onnx, and written with the onnx library.
"""

import pathlib
import sys

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from checkpoint_values import tiny_state


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 4, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.fc = torch.nn.Linear(4, 5)

    def forward(self, x):
        return self.fc(torch.relu(self.bn1(self.conv1(x))).mean((2, 3)))


def write_by_hand(path):
    """Weights by raw_data, by float_data and in a Constant node; a Gemm that is not transposed; made-up names."""
    state = {key: value.numpy() for key, value in tiny_state().items()}
    fc = numpy_helper.from_array(np.ascontiguousarray(state["fc.weight"].T), "onnx::Gemm_7")
    conv = helper.make_tensor("11", TensorProto.FLOAT, (4, 3, 3, 3), state["conv1.weight"].flatten())
    halves = numpy_helper.from_array(state["fc.bias"].astype(np.float16), "halves")
    bias = numpy_helper.from_array(state["fc.bias"])
    shape = numpy_helper.from_array(np.array([-1, 4]), "shape")
    norm = [numpy_helper.from_array(state[f"bn1.{key}"], f"bn1.{key}")
            for key in ("weight", "bias", "running_mean", "running_var")]
    nodes = [
        helper.make_node("Constant", [], ["12"], value=bias),
        helper.make_node("Conv", ["image", "11"], ["a"], name="/conv1/Conv"),
        helper.make_node("BatchNormalization", ["a"] + [tensor.name for tensor in norm], ["b"], name="/bn1/BatchNorm"),
        helper.make_node("GlobalAveragePool", ["b"], ["c"]),
        helper.make_node("Reshape", ["c", "shape"], ["d"]),
        helper.make_node("Gemm", ["d", "onnx::Gemm_7", "12"], ["logits"], name="/fc/Gemm"),
    ]
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, None, None])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 5])], [conv, fc, halves, shape] + norm)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main():
    out = pathlib.Path(sys.argv[1])
    network = Tiny().eval()
    network.load_state_dict(tiny_state(), strict=False)
    image = torch.zeros(1, 3, 8, 8)
    torch.onnx.export(network, image, out / "tiny.onnx", training=torch.onnx.TrainingMode.PRESERVE,
                      do_constant_folding=False)
    torch.onnx.export(network, image, out / "tiny-folded.onnx")
    write_by_hand(out / "tiny-by-hand.onnx")


main()
