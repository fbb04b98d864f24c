"""Small ONNX files, made by the onnx package and by torch.onnx, for the tests of packages/onnx.

    python3 make_onnx.py ../../packages/onnx/fixtures

Made with onnx 1.12 and PyTorch 1.13. The weights of the network are those of their keys (golden_values.py).
"""

import argparse
import os

import numpy
import onnx
import torch
from onnx import TensorProto, helper

from golden_values import load_golden_weights

TYPES = {
    "float32": TensorProto.FLOAT,
    "float64": TensorProto.DOUBLE,
    "float16": TensorProto.FLOAT16,
    "bfloat16": TensorProto.BFLOAT16,
    "int64": TensorProto.INT64,
    "int32": TensorProto.INT32,
    "int16": TensorProto.INT16,
    "int8": TensorProto.INT8,
    "uint64": TensorProto.UINT64,
    "uint32": TensorProto.UINT32,
    "uint16": TensorProto.UINT16,
    "uint8": TensorProto.UINT8,
    "bool": TensorProto.BOOL,
}


def tensors():
    """Every type of element twice: as a list of numbers, and as raw bytes."""
    for name, code in TYPES.items():
        signed = not name.startswith("u") and name != "bool"
        values = [0, 1, 1, 0, 1, 0] if name == "bool" else [0, 1, -2 if signed else 2, 100, -3 if signed else 3, 127]
        if name.startswith("float") or name == "bfloat16":
            values = [0.0, 1.0, -2.0, 0.5, -0.375, 65280.0]
        yield helper.make_tensor(f"{name}.list", code, [2, 3], values)
        if name == "bfloat16":
            raw = (numpy.array(values, numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16).tobytes()
        else:
            raw = numpy.array(values, numpy.dtype(name)).tobytes()
        yield helper.make_tensor(f"{name}.raw", code, [2, 3], raw, raw=True)
    yield helper.make_tensor("text", TensorProto.STRING, [2], [b"one", b"two"])
    yield helper.make_tensor("scalar", TensorProto.FLOAT, [], [3.25])
    yield helper.make_tensor("empty", TensorProto.FLOAT, [0, 4], [])


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def storages():
    """A graph of constants, and of nodes with attributes of every kind."""
    branch = helper.make_graph([helper.make_node("Identity", ["x"], ["then"])], "branch", [], [value("then", [None])])
    other = helper.make_graph([helper.make_node("Neg", ["x"], ["else"])], "other", [], [value("else", [None])])
    nodes = [
        helper.make_node("If", ["bool.raw"], ["y"], name="if", then_branch=branch, else_branch=other),
        helper.make_node("Unknown", ["y", "", "x"], ["z"], domain="org.example", name="attributes", f=0.5, i=-7,
                         s="text", t=helper.make_tensor("inner", TensorProto.FLOAT, [1], [1.5]), floats=[0.25, -4.0],
                         ints=[1, -1, 2**63 - 1], strings=["a", "b"]),
    ]
    graph = helper.make_graph(nodes, "storages", [value("x", ["batch", 3, None]), value("scalar", [])],
                              [value("z", None)], list(tensors()))
    model = helper.make_model(graph, producer_name="onnx", ir_version=8,
                              opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("org.example", 2)])
    helper.set_model_props(model, {"labels": '["a", "b"]', "leer": ""})
    return model


def external():
    """A tensor whose elements are in another file."""
    tensor = helper.make_tensor("elsewhere", TensorProto.FLOAT, [2], [1.0, 2.0])
    del tensor.float_data[:]
    tensor.data_location = TensorProto.EXTERNAL
    for key, text in {"location": "weights.bin", "offset": "0", "length": "8"}.items():
        tensor.external_data.add(key=key, value=text)
    near = helper.make_tensor("here", TensorProto.FLOAT, [1], [1.0])
    return helper.make_model(helper.make_graph([], "external", [], [], [tensor, near]), producer_name="onnx")


class Network(torch.nn.Module):
    """A stem, a basic block and a head, with torchvision's names."""

    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(8)
        self.conv2 = torch.nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(8)
        self.fc = torch.nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(x + self.bn2(self.conv2(x)))
        return self.fc(x.mean((2, 3)))


def torch_file(path, training):
    network = Network().eval()
    load_golden_weights(network)
    torch.onnx.export(network, torch.zeros(1, 3, 16, 16), path, input_names=["image"], output_names=["logits"],
                      training=training, do_constant_folding=training == torch.onnx.TrainingMode.EVAL,
                      opset_version=13, dynamic_axes={"image": {0: "batch"}})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    folder = parser.parse_args().folder
    os.makedirs(folder, exist_ok=True)
    onnx.save(storages(), os.path.join(folder, "storages.onnx"))
    onnx.save(external(), os.path.join(folder, "external.onnx"))
    torch_file(os.path.join(folder, "torch.onnx"), torch.onnx.TrainingMode.PRESERVE)
    torch_file(os.path.join(folder, "torch-folded.onnx"), torch.onnx.TrainingMode.EVAL)


if __name__ == "__main__":
    main()
