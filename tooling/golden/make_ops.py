#!/usr/bin/env python3
"""Makes ops.json: what PyTorch answers for each operation, on small tensors of odd sizes.

    make_ops.py OUT       writes OUT/ops.json, which repack.mjs packs

A record has the function's arguments by PyTorch's names, the shapes of its tensors (their values are golden_tensor's;
an input's are multiplied by its `scale`), and the answer, computed in float64 and stored as float32.
"""

import itertools
import json
import math
import pathlib
import sys

import torch
from torch.nn import functional as F

from golden_values import encode_floats, golden_tensor


class Recorder:
    """Collects one record a call."""

    def __init__(self):
        self.records = []

    def add(self, name, op, function, inputs, parameters=(), scale=1, **attributes):
        """Calls `function(*inputs, *parameters, **attributes)`; inputs are shapes, parameters (key, shape) pairs."""
        keys = ["x", "y", "z"]
        specs = [{"key": key, "shape": list(shape), "scale": scale} for key, shape in zip(keys, inputs)]
        tensors = [golden_tensor(spec["key"], spec["shape"]).double() * scale for spec in specs]
        weights = [golden_tensor(key, shape).double() for key, shape in parameters]
        output = function(*tensors, *weights, **attributes)
        self.records.append({
            "name": name,
            "op": op,
            "attributes": attributes,
            "inputs": specs,
            "parameters": [[key, list(shape)] for key, shape in parameters],
            "output": {"shape": list(output.shape), "data": encode_floats(output.float())},
        })  # fmt: skip


def convolution(ops, name, x, weight, bias=False, op="conv2d", function=F.conv2d, **attributes):
    parameters = [("conv.weight", weight)] + ([("conv.bias", weight[:1])] if bias else [])
    defaults = {"stride": [1, 1], "padding": [0, 0], "dilation": [1, 1], "groups": 1}
    ops.add(f"{op} {name}", op, function, [x], parameters, **{**defaults, **attributes})


def convolutions(ops):
    x = (2, 5, 9, 7)
    convolution(ops, "1x1", x, (6, 5, 1, 1))
    convolution(ops, "1x1 stride 2", x, (6, 5, 1, 1), stride=[2, 2])
    convolution(ops, "1x1 bias", x, (6, 5, 1, 1), bias=True)
    convolution(ops, "1x1 padded", (1, 3, 4, 4), (4, 3, 1, 1), padding=[1, 1])
    convolution(ops, "1x1 on a vector of one pixel", (2, 20, 1, 1), (9, 20, 1, 1), bias=True)
    convolution(ops, "3x3", x, (6, 5, 3, 3))
    convolution(ops, "3x3 padding 1", x, (6, 5, 3, 3), padding=[1, 1])
    convolution(ops, "3x3 padding 1 bias", x, (6, 5, 3, 3), bias=True, padding=[1, 1])
    convolution(ops, "3x3 many channels", (1, 17, 7, 6), (19, 17, 3, 3), padding=[1, 1])
    convolution(ops, "3x3 stride 2, odd", x, (6, 5, 3, 3), stride=[2, 2], padding=[1, 1])
    convolution(ops, "3x3 stride 2, even", (1, 4, 8, 6), (6, 4, 3, 3), stride=[2, 2], padding=[1, 1])
    convolution(ops, "3x3 on one pixel", (1, 8, 1, 1), (8, 8, 3, 3), padding=[1, 1])
    convolution(ops, "3x3 dilation 2", x, (6, 5, 3, 3), padding=[2, 2], dilation=[2, 2])
    convolution(ops, "3x3 dilation 4 wider than the image", (1, 4, 5, 5), (4, 4, 3, 3), padding=[4, 4], dilation=[4, 4])
    convolution(ops, "3x3 stride 2 dilation 2", x, (6, 5, 3, 3), stride=[2, 2], padding=[2, 2], dilation=[2, 2])
    convolution(ops, "2x2 stride 2", x, (6, 5, 2, 2), stride=[2, 2])
    convolution(ops, "7x7 stride 2", (1, 3, 15, 13), (8, 3, 7, 7), stride=[2, 2], padding=[3, 3])
    convolution(ops, "7x7 larger than the image", (1, 3, 4, 5), (4, 3, 7, 7), padding=[3, 3])
    convolution(ops, "1x5", x, (4, 5, 1, 5), padding=[0, 2])
    convolution(ops, "3x1 strides 2 and 1", x, (4, 5, 3, 1), stride=[2, 1], padding=[1, 0])
    convolution(ops, "3x2 strides, paddings and dilations that differ", (1, 3, 9, 10), (4, 3, 3, 2), bias=True,
                stride=[1, 3], padding=[2, 1], dilation=[2, 1])  # fmt: skip
    convolution(ops, "groups 2", (2, 6, 7, 5), (4, 3, 3, 3), padding=[1, 1], groups=2)
    convolution(ops, "groups 3, 1x1", (1, 9, 5, 5), (6, 3, 1, 1), groups=3)
    convolution(ops, "groups 4 stride 2 bias", (1, 16, 9, 7), (16, 4, 3, 3), bias=True, stride=[2, 2], padding=[1, 1],
                groups=4)  # fmt: skip
    convolution(ops, "groups 2 dilation 2", (1, 8, 7, 7), (8, 4, 3, 3), padding=[2, 2], dilation=[2, 2], groups=2)
    convolution(ops, "depthwise", (2, 5, 7, 6), (5, 1, 3, 3), padding=[1, 1], groups=5)
    convolution(ops, "depthwise 5x5 stride 2", (1, 6, 9, 9), (6, 1, 5, 5), bias=True, stride=[2, 2], padding=[2, 2],
                groups=6)  # fmt: skip
    convolution(ops, "depthwise, two filters a channel", (1, 4, 6, 6), (8, 1, 3, 3), padding=[1, 1], groups=4)
    for name, pad in {"after only": [0, 1, 0, 1], "all four differ": [2, 0, 1, 3]}.items():
        convolution(ops, f"3x3 stride 2, {name}", (1, 3, 8, 7), (4, 3, 3, 3), op="pad_conv2d", function=pad_conv2d,
                    stride=[2, 2], pad=pad)  # fmt: skip
    for eps in (1e-6, 1e-8):
        convolution(ops, f"eps {eps}", (1, 5, 6, 7), (6, 5, 3, 3), op="std_conv2d", function=std_conv2d,
                    padding=[1, 1], eps=eps)  # fmt: skip
    convolution(ops, "groups 2 bias", (1, 6, 5, 5), (4, 3, 3, 3), bias=True, op="std_conv2d", function=std_conv2d,
                padding=[1, 1], groups=2, eps=1e-6)  # fmt: skip


def pad_conv2d(x, weight, bias=None, *, pad, **attributes):
    """A convolution of what F.pad makes: `pad` is [left, right, top, bottom]."""
    return F.conv2d(F.pad(x, pad), weight, bias, **attributes)


def std_conv2d(x, weight, bias=None, *, eps, **attributes):
    """A convolution by standardised filters: each less its mean, over the root of its (biased) variance plus eps."""
    variance, mean = torch.var_mean(weight, (1, 2, 3), unbiased=False, keepdim=True)
    return F.conv2d(x, (weight - mean) / torch.sqrt(variance + eps), bias, **attributes)


def norms(ops):
    for name, shape, eps in [("image", (2, 7, 5, 3), 1e-5), ("other eps", (1, 6, 3, 4), 1e-3), ("rows", (3, 11), 1e-5)]:
        size = shape[1:2]
        keys = [("bn.running_mean", size), ("bn.running_var", size), ("bn.weight", size), ("bn.bias", size)]
        ops.add(f"batch_norm {name}", "batch_norm", F.batch_norm, [shape], keys, training=False, eps=eps)
    for groups in (1, 2, 4, 8):
        keys = [("gn.weight", (8,)), ("gn.bias", (8,))]
        ops.add(f"group_norm {groups} groups of 8 channels", "group_norm",
                lambda x, w, b, num_groups, eps: F.group_norm(x, num_groups, w, b, eps),
                [(2, 8, 5, 3)], keys, num_groups=groups, eps=1e-5)  # fmt: skip


def pools(ops):
    # ceil_mode adds a last window only where it starts inside the image or its padding before it.
    cases = [
        ((2, 3, 9, 8), [3, 3], [2, 2], [1, 1]),
        ((1, 3, 7, 6), [2, 2], [2, 2], [0, 0]),
        ((1, 2, 8, 9), [3, 2], [3, 2], [1, 0]),
        ((1, 2, 6, 7), [3, 3], [1, 1], [1, 1]),
        ((1, 2, 5, 7), [2, 2], [3, 3], [0, 0]),
        ((1, 2, 5, 5), [2, 2], [2, 2], [1, 1]),
    ]
    for (shape, kernel, stride, padding), ceil in itertools.product(cases, (False, True)):
        where = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil}
        name = f"{kernel} by {stride}, padding {padding}, {'ceil' if ceil else 'floor'}, {shape[2]}x{shape[3]}"
        ops.add(f"max_pool2d {name}", "max_pool2d", F.max_pool2d, [shape], **where)
        for count in (True, False):
            what = "padding counts" if count else "padding does not count"
            ops.add(f"avg_pool2d {name}, {what}", "avg_pool2d", F.avg_pool2d, [shape], **where, count_include_pad=count)
    shape = (2, 5, 7, 6)
    ops.add("adaptive_avg_pool2d", "adaptive_avg_pool2d", F.adaptive_avg_pool2d, [shape], output_size=[1, 1])
    ops.add("adaptive_max_pool2d", "adaptive_max_pool2d", F.adaptive_max_pool2d, [shape], output_size=[1, 1])
    ops.add("adaptive_avgmax_pool2d", "adaptive_avgmax_pool2d", avgmax, [shape], output_size=[1, 1])
    ops.add("adaptive_catavgmax_pool2d", "adaptive_catavgmax_pool2d", catavgmax, [shape], output_size=[1, 1])


def avgmax(x, output_size):
    return 0.5 * (F.adaptive_avg_pool2d(x, output_size) + F.adaptive_max_pool2d(x, output_size))


def catavgmax(x, output_size):
    return torch.cat([F.adaptive_avg_pool2d(x, output_size), F.adaptive_max_pool2d(x, output_size)], 1)


def blurs(ops):
    for kernel, stride in itertools.product((2, 3, 4, 5), (1, 2)):
        name = f"blur_pool2d {kernel}x{kernel} stride {stride}"
        ops.add(name, "blur_pool2d", blur_pool2d, [(2, 5, 9, 7)], kernel=kernel, stride=stride)
    ops.add("blur_pool2d 3x3 stride 3, even", "blur_pool2d", blur_pool2d, [(1, 3, 8, 6)], kernel=3, stride=3)
    ops.add("blur_pool2d 3x3 stride 2, 2x3", "blur_pool2d", blur_pool2d, [(3, 4, 2, 3)], kernel=3, stride=2)


def blur_pool2d(x, kernel, stride):
    """A binomial blur of the map with its edges reflected, then every stride-th pixel (timm's BlurPool2d)."""
    row = torch.tensor([math.comb(kernel - 1, tap) for tap in range(kernel)], dtype=x.dtype) / 2 ** (kernel - 1)
    channels = x.shape[1]
    padding = (stride - 1 + kernel - 1) // 2
    weight = torch.outer(row, row).expand(channels, 1, kernel, kernel)
    return F.conv2d(F.pad(x, [padding] * 4, mode="reflect"), weight, stride=stride, groups=channels)


def vectors(ops):
    ops.add("linear bias", "linear", F.linear, [(3, 13)], [("fc.weight", (11, 13)), ("fc.bias", (11,))])
    ops.add("linear", "linear", F.linear, [(1, 33)], [("fc.weight", (5, 33))])
    for name, shape, scale in [("rows", (3, 11), 1), ("large values", (2, 7), 512), ("one class", (2, 1), 1)]:
        ops.add(f"softmax {name}", "softmax", torch.softmax, [shape], scale=scale, dim=1)
    for channels, kernel in [(12, 3), (9, 5), (4, 7)]:
        ops.add(f"channel_conv1d kernel {kernel}", "channel_conv1d", channel_conv1d, [(2, channels)],
                [("conv.weight", (1, 1, kernel))], padding=kernel // 2)  # fmt: skip


def channel_conv1d(x, weight, padding):
    """Efficient channel attention's convolution: along the channels of [n, c]."""
    return F.conv1d(x[:, None], weight, padding=padding)[:, 0]


def elementwise(ops):
    shape = (2, 3, 5, 4)
    for op, function in {"relu": F.relu, "relu6": F.relu6, "silu": F.silu, "sigmoid": torch.sigmoid,
                         "hardsigmoid": F.hardsigmoid}.items():  # fmt: skip
        ops.add(op, op, function, [shape], scale=4)
    ops.add("leaky_relu", "leaky_relu", F.leaky_relu, [shape], scale=4, negative_slope=0.01)
    ops.add("sigmoid large values", "sigmoid", torch.sigmoid, [shape], scale=512)
    ops.add("silu large values", "silu", F.silu, [shape], scale=512)
    ops.add("add", "add", torch.add, [shape, shape])
    ops.add("mul", "mul", torch.mul, [shape, shape])
    ops.add("mul, a number a channel", "mul", torch.mul, [shape, (2, 3, 1, 1)])
    ops.add("cat channels", "cat", lambda *tensors, dim: torch.cat(tensors, dim), [shape, (2, 2, 5, 4)], dim=1)


def pads(ops):
    shape = (2, 3, 5, 4)
    for name, pad in {"1 around": [1, 1, 1, 1], "all four differ": [1, 2, 0, 3]}.items():
        ops.add(f"pad reflect, {name}", "pad", F.pad, [shape], pad=pad, mode="reflect")
        ops.add(f"pad zero, {name}", "pad", F.pad, [shape], pad=pad, mode="constant")
    ops.add("pad zero, channels", "pad", F.pad, [shape], pad=[0, 0, 0, 0, 2, 1], mode="constant")


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    ops = Recorder()
    for make in (convolutions, norms, pools, blurs, vectors, elementwise, pads):
        make(ops)
    names = [record["name"] for record in ops.records]
    assert len(set(names)) == len(names), "two records of one name"
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    (out / "ops.json").write_text(json.dumps(ops.records, separators=(",", ":")))
    print(f"{len(names)} operations")
    return 0


if __name__ == "__main__":
    sys.exit(main())
