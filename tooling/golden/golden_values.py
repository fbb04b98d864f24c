"""Weights and inputs as a function of their key (the rules are tabulated in src/values.ts), and their encoding."""

import base64
import math

import numpy as np
import torch


def fnv1a(key: str) -> int:
    """The 32-bit FNV-1a hash of a key's UTF-8 bytes."""
    value = 0x811C9DC5
    for byte in key.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def draws(key: str, count: int) -> np.ndarray:
    """The first `count` draws of mulberry32 seeded by `key`, in [0, 1), as float64."""
    with np.errstate(over="ignore"):  # 32-bit arithmetic wraps around, as it should
        counter = np.uint32(fnv1a(key)) + np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (counter ^ (counter >> np.uint32(15))) * (counter | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
        t ^= t >> np.uint32(14)
    return t.astype(np.float64) / 2**32


def golden_tensor(key: str, shape) -> torch.Tensor:
    """The tensor called `key`: computed in float64, returned in float32."""
    shape = tuple(shape)
    ending = key.rsplit(".", 1)[-1]
    if ending == "num_batches_tracked":
        return torch.zeros(shape, dtype=torch.int64)
    u = draws(key, math.prod(shape))
    if ending in ("running_mean", "bias"):
        values = 0.2 * (2 * u - 1)
    elif ending == "running_var":
        values = 0.5 + u
    elif ending == "weight" and len(shape) == 1:
        values = 0.4 + 0.4 * u
    elif ending == "weight":
        values = (2 * u - 1) * math.sqrt(3 / math.prod(shape[1:]))
    else:
        values = 4 * u - 2
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def load_golden_weights(model: torch.nn.Module) -> None:
    """Gives every parameter and persistent buffer of `model` its golden values."""
    state = {key: golden_tensor(key, value.shape) for key, value in model.state_dict().items()}
    model.load_state_dict(state, strict=True)


def encode_floats(tensor: torch.Tensor) -> str:
    """Base64 of the little-endian float32 values, in row-major order."""
    return base64.b64encode(tensor.detach().numpy().astype("<f4").tobytes()).decode()


def decode_floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")
