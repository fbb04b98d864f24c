#!/usr/bin/env python3
"""Makes the small Keras files that packages/weights is tested with.

    make_keras_checkpoints.py OUT       writes OUT/*.h5 and OUT/*.keras (packages/weights/fixtures)

Keras itself is not needed: h5py writes what Keras documents. Layers are called conv1, bn1 and fc; the tensors are those
of checkpoint_values.py in Keras's layouts, HWIO and [in, out].
"""

import io
import json
import pathlib
import sys
import zipfile

import h5py
import numpy as np

from checkpoint_values import tiny_state


def layers():
    state = {key: value.numpy() for key, value in tiny_state().items()}
    norm = [("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"), ("moving_variance", "running_var")]
    return {
        "conv1": [("kernel", np.ascontiguousarray(state["conv1.weight"].transpose(2, 3, 1, 0)))],
        "bn1": [(name, state[f"bn1.{key}"]) for name, key in norm],
        "fc": [("kernel", np.ascontiguousarray(state["fc.weight"].T)), ("bias", state["fc.bias"])],
    }


def write_legacy(group, dtype=None, **options):
    """Keras 1 and 2: a group a layer, and the weights in it under their own paths."""
    group.attrs["layer_names"] = np.array(["image", *layers()], dtype="S")
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = "2.11.0"
    group.create_group("image").attrs["weight_names"] = np.array([], dtype="S")
    for layer, weights in layers().items():
        inner = group.create_group(layer)
        inner.attrs["weight_names"] = np.array([f"{layer}/{name}:0" for name, _ in weights], dtype="S")
        for name, value in weights:
            inner.create_dataset(f"{layer}/{name}:0", data=value if dtype is None else value.astype(dtype), **options)


CLASSES = {"conv1": "Conv2D", "bn1": "BatchNormalization", "fc": "Dense"}
KINDS = {"conv1": "conv2d", "bn1": "batch_normalization", "fc": "dense"}


def write_version3(file, named):
    """Keras 3: a group a layer, called by its class, and its variables by number."""
    for layer, weights in layers().items():
        group = file.create_group(f"layers/{KINDS[layer]}/vars")
        if named:
            group.attrs["name"] = layer
        for index, (_, value) in enumerate(weights):
            group[str(index)] = value
    file.create_group("layers/input_layer/vars")
    file.create_group("vars")
    file["optimizer/vars/0"] = np.int64(7)


def config():
    described = [{"class_name": "InputLayer", "config": {"name": "image"}, "name": "image"}]
    described += [{"module": "keras.layers", "class_name": CLASSES[layer], "config": {"name": layer}, "name": layer}
                  for layer in layers()]
    return {"module": "keras", "class_name": "Functional", "config": {"name": "tiny", "layers": described}}


def main():
    out = pathlib.Path(sys.argv[1])
    with h5py.File(out / "tiny.h5", "w") as file:
        write_legacy(file)
    with h5py.File(out / "tiny-model.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(config())
        write_legacy(file.create_group("model_weights"), compression="gzip", shuffle=True, fletcher32=True, chunks=True)
        file.create_group("optimizer_weights")["iteration:0"] = np.int64(3)
    with h5py.File(out / "tiny-latest.h5", "w", libver="latest") as file:
        write_legacy(file)
    with h5py.File(out / "tiny-f16.h5", "w") as file:
        write_legacy(file, dtype="f2")
    with h5py.File(out / "big-endian.h5", "w") as file:
        write_legacy(file, dtype=">f4")
    with h5py.File(out / "chunks.h5", "w") as file:
        file.create_dataset("a/kernel", data=np.arange(7 * 5, dtype="f4").reshape(7, 5), chunks=(3, 2))
        file.create_dataset("a/bias", data=np.arange(11, dtype="f8"), chunks=(4,), maxshape=(None,), compression=9)
    with h5py.File(out / "tracked.h5", "w", libver="latest", track_order=True) as file:
        for index in range(20):
            file.create_dataset(f"weight{index}", data=np.zeros(1, "f4"), track_order=True)
    with h5py.File(out / "tiny.weights.h5", "w") as file:
        write_version3(file, named=True)
    with h5py.File(out / "nameless.weights.h5", "w") as file:
        write_version3(file, named=False)
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        write_version3(file, named=False)
    with zipfile.ZipFile(out / "tiny.keras", "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.0.0"}))
        archive.writestr("config.json", json.dumps(config()))
        archive.writestr("model.weights.h5", weights.getvalue())


main()
