#!/usr/bin/env python3
"""Makes the small NumPy files that packages/weights is tested with.

    make_numpy_checkpoints.py OUT       writes OUT/*.npz and OUT/*.npy (packages/weights/fixtures)
    make_numpy_checkpoints.py --check FILE   compares an .npz of the tiny network with what it should hold

Their tensors are those of checkpoint_values.py.
"""

import pathlib
import sys

import numpy as np

from checkpoint_values import tiny_state
from golden_values import golden_tensor


def main():
    state = {key: value.numpy() for key, value in tiny_state().items()}
    if sys.argv[1] == "--check":
        found = np.load(sys.argv[2])
        assert list(found) == list(state), list(found)
        for key, value in state.items():
            assert found[key].dtype == np.float32 and np.array_equal(found[key], value), key
        print("equal")
        return
    out = pathlib.Path(sys.argv[1])
    values = golden_tensor("values", (2, 3, 4)).numpy()
    np.savez(out / "tiny.npz", **state)
    np.savez_compressed(out / "tiny-compressed.npz", **state)
    np.save(out / "values.npy", values)
    np.savez(out / "types.npz", fortran=np.asfortranarray(values), f2=values.astype("f2"), f8=values.astype("f8"),
             i4=np.arange(3, dtype="i4"), scalar=np.float32(1.5), empty=np.zeros((0, 3), "f4"))
    np.save(out / "big-endian.npy", values.astype(">f4"))
    np.save(out / "structured.npy", np.zeros(2, [("x", "f4"), ("y", "f4")]))
    np.save(out / "objects.npy", np.array([{}, None]), allow_pickle=True)
    np.save(out / "text.npy", np.array(["a", "b"]))


main()
