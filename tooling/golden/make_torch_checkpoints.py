#!/usr/bin/env python3
"""Makes the small PyTorch files that packages/weights is tested with.

    make_torch_checkpoints.py OUT       writes OUT/*.pt and OUT/*.pth (packages/weights/fixtures)

Their tensors are those of checkpoint_values.py, but where said.
"""

import argparse
import collections
import pathlib
import sys

import numpy as np
import torch

from checkpoint_values import tiny_state
from golden_values import golden_tensor


def tiny_module():
    network = torch.nn.Sequential(collections.OrderedDict(
        conv1=torch.nn.Conv2d(3, 4, 3, bias=False), bn1=torch.nn.BatchNorm2d(4), fc=torch.nn.Linear(4, 5)))
    network.load_state_dict(tiny_state(), strict=False)
    return network


def wrapped():
    """What a training script saves: the weights under DataParallel's prefix, their average, and much else."""
    network = torch.nn.DataParallel(tiny_module())
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    for parameter in network.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    return {
        "epoch": 3,
        "arch": "tiny",
        "args": argparse.Namespace(lr=0.1, model="tiny"),
        "best_acc": torch.tensor(91.5),
        "best_metric": np.float64(0.5),
        "history": np.arange(6, dtype=np.float32).reshape(2, 3).T,
        "classes": {"cat", "dog"},
        "state_dict": network.state_dict(),
        "state_dict_ema": {"module." + key: value + 1 for key, value in tiny_state().items()},
        "optimizer": optimizer.state_dict(),
    }


def strided():
    """Views of one storage, and every type."""
    base = golden_tensor("base", (4, 6))
    halves = golden_tensor("halves", (3, 5))
    return {
        "base": base,
        "transposed": base.t(),
        "columns": base[:, 1::2],
        "rows": base[2:],
        "row": base[1],
        "cell": base[3, 4],
        "expanded": base[0:1].expand(3, 6),
        "empty": base[4:],
        "nhwc": golden_tensor("nhwc", (2, 3, 4, 5)).contiguous(memory_format=torch.channels_last),
        "F64": halves.double() + 1e-12,
        "F16": halves.half(),
        "F16.transposed": halves.half().t(),
        "BF16": halves.bfloat16(),
        "I64": torch.arange(3),
        "I32": torch.arange(3, dtype=torch.int32),
        "U8": torch.arange(3, dtype=torch.uint8),
        "BOOL": torch.tensor([True, False]),
        "parameter": torch.nn.Parameter(halves),
    }


def main():
    out = pathlib.Path(sys.argv[1])
    torch.save(tiny_state(), out / "tiny.pt")
    torch.save(tiny_state(), out / "tiny-protocol4.pt", pickle_protocol=4)
    torch.save(tiny_state(), out / "tiny-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(tiny_state(), out / "tiny-legacy-protocol3.pth", _use_new_zipfile_serialization=False, pickle_protocol=3)
    torch.save(wrapped(), out / "wrapped.pt")
    torch.save(wrapped(), out / "wrapped-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(strided(), out / "strided.pt")
    torch.save(strided(), out / "strided-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(tiny_module(), out / "whole-module.pt")
    torch.save({"model": {"model_ema." + key: value for key, value in tiny_state().items()}}, out / "nested.pt")
    torch.jit.script(tiny_module()[2]).save(str(out / "torchscript.pt"))


main()
