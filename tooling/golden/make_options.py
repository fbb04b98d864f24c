#!/usr/bin/env python3
"""Makes timm-options.json: what timm's models answer when they are made or called otherwise than by default.

    make_options.py OUT       writes OUT/timm-options.json, which repack.mjs packs (needs timm 1.0)

Weights and inputs are golden (golden_values.py). Of a large output only its first elements and its mean are kept.
"""

import json
import pathlib
import sys

import torch

from golden_values import golden_tensor, load_golden_weights

# Names, options of create_model, and the side of the image.
CASES = [
    *((name, {"output_stride": stride}, 64) for stride in (8, 16) for name in ("resnet50", "resnet18")),
    *((name, {"in_chans": channels}, 64) for channels in (1, 4) for name in ("resnet18", "resnet50d")),
    ("resnet18", {"num_classes": 10}, 64),
    ("resnet18", {"num_classes": 0}, 64),
    ("resnet18", {"num_classes": 0, "global_pool": ""}, 64),
    *(("resnet18", {"global_pool": pool}, 64) for pool in ("max", "avgmax", "catavgmax")),
    ("resnet18", {}, 65),
    *((name, {}, 97) for name in ("resnet50", "resnet50d", "resnetblur50", "resnetaa50d")),
    ("resnet50", {"features_only": True}, 64),
    ("resnet50d", {"features_only": True, "out_indices": [1, 3]}, 64),
    ("resnet50", {"features_only": True, "output_stride": 8}, 64),
]


def summary(output: torch.Tensor, count: int) -> dict:
    return {
        "shape": list(output.shape),
        "first": output.flatten()[:count].tolist(),
        "meanAbs": output.abs().mean().item(),
    }


@torch.inference_mode()
def make_record(create_model, name: str, options: dict, size: int) -> dict:
    options = {"in_chans": 3, **options}
    model = create_model(name, pretrained=False, **options).eval()
    load_golden_weights(model)
    shape = [1, options["in_chans"], size, size]
    output = model(golden_tensor("input", shape))
    record = {"name": name, "options": options, "input": shape}
    if not options.get("features_only"):
        return {**record, **summary(output, 16)}
    return {**record, "features": [summary(feature, 8) for feature in output], "info": list(model.feature_info)}


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    from timm import create_model

    records = [make_record(create_model, *case) for case in CASES]
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    (out / "timm-options.json").write_text(json.dumps(records, separators=(",", ":")))
    print(f"{len(records)} ways to make a model")
    return 0


if __name__ == "__main__":
    sys.exit(main())
