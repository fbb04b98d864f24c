"""The CIFAR-10 networks of He et al., Deep Residual Learning (2015), section 4.2, with keys named as torchvision's."""

import torch
from torch import nn
from torch.nn import functional as F


class PaddedShortcut(nn.Module):
    """Option A: every other pixel, and channels of zeros, half of them before and half after; no parameters."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.stride = stride
        self.padding = (outputs - inputs) // 2

    def forward(self, x):
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.padding, self.padding))


def projection(inputs: int, outputs: int, stride: int) -> nn.Module:
    """Options B and C: a 1×1 convolution and a norm."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


def shortcut(option: str, inputs: int, outputs: int, stride: int):
    """What a block's input goes through before it is added: None where it is added as it is."""
    changes = stride != 1 or inputs != outputs
    if option == "C" or (option == "B" and changes):
        return projection(inputs, outputs, stride)
    return PaddedShortcut(inputs, outputs, stride) if changes else None


class BasicBlock(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, option: str):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = shortcut(option, inputs, outputs, stride)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class CifarResNet(nn.Module):
    """Depth 6n + 2: a 3×3 convolution, three stages of n blocks with 16, 32 and 64 channels, and a linear head."""

    def __init__(self, depth: int, option: str, classes: int = 10):
        super().__init__()
        if depth < 8 or (depth - 2) % 6 != 0:
            raise ValueError(f"a CIFAR ResNet has 6n + 2 layers, not {depth}")
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = self.stage(blocks, 16, 16, 1, option)
        self.layer2 = self.stage(blocks, 16, 32, 2, option)
        self.layer3 = self.stage(blocks, 32, 64, 2, option)
        self.fc = nn.Linear(64, classes)

    @staticmethod
    def stage(blocks: int, inputs: int, outputs: int, stride: int, option: str) -> nn.Module:
        first = BasicBlock(inputs, outputs, stride, option)
        return nn.Sequential(first, *(BasicBlock(outputs, outputs, 1, option) for _ in range(blocks - 1)))

    def forward_features(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.bn1(self.conv1(x)))
        return self.layer3(self.layer2(self.layer1(x)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.forward_features(x).mean((2, 3)))
