#!/usr/bin/env python3
"""Makes the tables of published checkpoints, and of ImageNet's classes, from what timm and torchvision say of them.

    make_tables.py --source torchvision OUT   OUT/torchvision-weights.json, OUT/imagenet-1k-categories.json
    make_tables.py --source timm OUT          OUT/timm-pretrained.json

No checkpoint is downloaded.
"""

import argparse
import enum
import json
import pathlib

TIMM_KEYS = ("architecture", "tag", "hf_hub_id", "url", "num_classes", "input_size", "test_input_size", "crop_pct",
             "test_crop_pct", "crop_mode", "interpolation", "mean", "std", "pool_size", "first_conv", "classifier",
             "license", "origin_url")  # fmt: skip


def torchvision_tables() -> dict:
    from torchvision import models

    rows = []
    for weights in vars(models).values():
        if not isinstance(weights, enum.EnumMeta) or weights.__module__ != "torchvision.models.resnet":
            continue
        for entry in weights:
            preprocess = entry.transforms()
            rows.append({
                "enum": weights.__name__,
                "name": entry.name,
                "url": entry.url,
                "file": entry.url.rsplit("/", 1)[1],
                "num_params": entry.meta["num_params"],
                "metrics": entry.meta["_metrics"],
                "recipe": entry.meta["recipe"],
                "crop_size": preprocess.crop_size[0],
                "resize_size": preprocess.resize_size[0],
                "interpolation": preprocess.interpolation.value,
                "mean": preprocess.mean,
                "std": preprocess.std,
            })  # fmt: skip
    rows.sort(key=lambda row: row["enum"])
    categories = models.ResNet50_Weights.IMAGENET1K_V2.meta["categories"]
    return {"torchvision-weights.json": rows, "imagenet-1k-categories.json": categories}


def timm_tables() -> dict:
    from timm import models

    rows = []
    for name in models.list_models(module="resnet", pretrained=True):
        config = models.get_pretrained_cfg(name).to_dict()
        config["url"] = config.get("url") or ""
        rows.append({key: config[key] for key in TIMM_KEYS if config.get(key) is not None})
    return {"timm-pretrained.json": rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", choices=["timm", "torchvision"], required=True)
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    tables = timm_tables() if options.source == "timm" else torchvision_tables()
    options.out.mkdir(parents=True, exist_ok=True)
    for file, table in tables.items():
        (options.out / file).write_text(json.dumps(table, separators=(",", ":"), ensure_ascii=False))
        print(f"{options.out / file}: {len(table)}")


if __name__ == "__main__":
    main()
