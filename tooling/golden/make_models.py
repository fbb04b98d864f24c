#!/usr/bin/env python3
"""Makes the numbers that pin down whole networks, one file a model, from PyTorch.

    make_models.py --source timm OUT              every ResNet of timm's and some pre-activation ones (timm 1.0)
    make_models.py --source torchvision OUT NAME  torchvision's, whose keys and answers are timm's
    make_models.py --source cifar OUT             the paper's CIFAR networks (cifar_networks.py)

writes OUT/timm/NAME.json, OUT/timm-v2/NAME.json or OUT/cifar/NAME.json, which repack.mjs packs. With --check OUT holds
such files already: nothing is written, the differences are printed, and the exit code is 1 when one is more than noise.
"""

import argparse
import json
import pathlib
import re
import sys

import numpy as np
import torch
from torch import nn

from cifar_networks import CifarResNet
from golden_values import decode_floats, encode_floats, golden_tensor, load_golden_weights

CIFAR_MODELS = ["cifar_resnet20-A", "cifar_resnet20-B", "cifar_resnet20-C", "cifar_resnet110-A"]
PREACTIVATION_MODELS = ["resnetv2_18", "resnetv2_18d", "resnetv2_34", "resnetv2_50", "resnetv2_50d", "resnetv2_50d_gn",
                        "resnetv2_50t", "resnetv2_50x1_bit", "resnetv2_101", "resnetv2_152"]  # fmt: skip
CONFIG_KEYS = ("input_size", "pool_size", "crop_pct", "interpolation", "mean", "std", "first_conv", "classifier")
# What the same computation may differ by when its sums are made in another order or by another library.
LOGITS_TOLERANCE = 1e-5


class TimmSource:
    """timm's models, by its own create_model."""

    input_size, cost_size = 64, 224

    def __init__(self):
        import timm

        self.timm = timm
        self.label = f"timm {timm.__version__}"

    def names(self):
        return self.timm.list_models(module="resnet") + PREACTIVATION_MODELS

    def folder(self, name):
        return "timm-v2" if name.startswith("resnetv2") else "timm"

    def make(self, name):
        return self.timm.create_model(name, pretrained=False)

    def features(self, model, x):
        return model.forward_features(x)

    def extras(self, _, model):
        config = model.pretrained_cfg
        return {"cfg": {key: config[key] for key in CONFIG_KEYS if config.get(key) is not None}}


class TorchvisionSource:
    """torchvision's ResNets. They know no timm configuration, so `cfg` is left out."""

    input_size, cost_size = 64, 224

    def __init__(self):
        import torchvision

        self.models = torchvision.models
        self.label = f"torchvision {torchvision.__version__}"

    def names(self):
        return ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
                "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2"]  # fmt: skip

    def folder(self, _):
        return "timm"

    def make(self, name):
        return getattr(self.models, name)(weights=None)

    def features(self, model, x):
        for name, child in model.named_children():
            if name == "avgpool":
                return x
            x = child(x)
        raise ValueError("a model without avgpool")

    def extras(self, *_):
        return {}


class CifarSource:
    """The paper's CIFAR networks; a name is cifar_resnetDEPTH-SHORTCUT."""

    input_size, cost_size = 32, 32

    def __init__(self):
        self.label = f"PyTorch {torch.__version__}"

    def names(self):
        return CIFAR_MODELS

    def folder(self, _):
        return "cifar"

    def parse(self, name):
        match = re.fullmatch(r"cifar_resnet(\d+)-([ABC])", name)
        if match is None:
            raise ValueError(f"{name} is not cifar_resnetDEPTH-SHORTCUT")
        return int(match[1]), match[2]

    def make(self, name):
        return CifarResNet(*self.parse(name))

    def features(self, model, x):
        return model.forward_features(x)

    def extras(self, name, _):
        return {"shortcut": self.parse(name)[1]}


SOURCES = {"timm": TimmSource, "torchvision": TorchvisionSource, "cifar": CifarSource}


def costs(model: nn.Module, size: int):
    """(multiply-accumulates, elements out of 2-D convolutions) of one image.

    Counted where a convolution or a linear layer runs. timm's blur filters are no such modules: they do not count.
    """
    macs = activations = 0

    def count(module, _, output):
        nonlocal macs, activations
        # Each element out is the sum of as many products as one filter, or one row, has weights.
        macs += output.numel() * module.weight[0].numel()
        if isinstance(module, nn.Conv2d):
            activations += output.numel()

    counted = (nn.Conv1d, nn.Conv2d, nn.Linear)
    hooks = [m.register_forward_hook(count) for m in model.modules() if isinstance(m, counted)]
    model(torch.zeros(1, 3, size, size, dtype=next(model.parameters()).dtype))
    for hook in hooks:
        hook.remove()
    return macs, activations


@torch.inference_mode()
def make_record(source, name: str, dtype: torch.dtype) -> dict:
    model = source.make(name).eval()
    load_golden_weights(model)
    model.to(dtype)
    shape = [1, 3, source.input_size, source.input_size]
    image = golden_tensor("input", shape).to(dtype)
    features = source.features(model, image)
    logits = model(image)[0].float()
    macs, activations = costs(model, source.cost_size)
    state = [[k, list(v.shape)] for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")]
    return {
        "name": name,
        "source": source.label,
        "params": sum(p.numel() for p in model.parameters()),
        f"macs{source.cost_size}": macs,
        f"convActivations{source.cost_size}": activations,
        "state": state,
        "input": {"key": "input", "shape": shape},
        "featureShape": list(features.shape),
        "featureMeanAbs": features.abs().mean().item(),
        "logits": encode_floats(logits),
        "logitsFirst4": logits[:4].tolist(),
        "top1": int(logits.argmax()),
        **source.extras(name, model),
    }


def check(made: dict, known: dict) -> bool:
    """Prints how `made` differs from `known`; whether they agree."""
    skipped = {"source", "logits", "logitsFirst4", "featureMeanAbs"}
    unequal = [key for key in made if key not in skipped and made[key] != known[key]]
    expected, actual = decode_floats(known["logits"]), decode_floats(made["logits"])
    error = np.abs(actual.astype(np.float64) - expected).max() / np.abs(expected).max()
    mean = abs(made["featureMeanAbs"] / known["featureMeanAbs"] - 1)
    print(
        f"{made['name']}: logits differ by {error:.2e} of the largest, the mean feature by {mean:.2e}; "
        f"everything else {'is equal' if not unequal else 'is equal but ' + ', '.join(unequal)}"
    )
    return not unequal and error <= LOGITS_TOLERANCE and mean <= LOGITS_TOLERANCE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", choices=SOURCES, required=True)
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32", help="what to compute in")
    parser.add_argument("--check", action="store_true", help="compare with the files in OUT, write nothing")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all that the source has unless given")
    options = parser.parse_args()
    source = SOURCES[options.source]()
    agree = True
    for name in options.names or source.names():
        record = make_record(source, name, getattr(torch, options.dtype))
        path = options.out / source.folder(name) / f"{name}.json"
        if options.check:
            agree = check(record, json.loads(path.read_text())) and agree
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record, separators=(",", ":")))
        print(path)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
