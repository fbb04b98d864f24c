"""The tensors of the small checkpoints: one tiny network's, under PyTorch's names."""

from golden_values import golden_tensor

SHAPES = {
    "conv1.weight": (4, 3, 3, 3),
    "bn1.weight": (4,),
    "bn1.bias": (4,),
    "bn1.running_mean": (4,),
    "bn1.running_var": (4,),
    "fc.weight": (5, 4),
    "fc.bias": (5,),
}


def tiny_state(prefix: str = ""):
    """The tiny network's state dictionary; the values follow from the keys without `prefix`."""
    return {prefix + key: golden_tensor(key, shape) for key, shape in SHAPES.items()}
