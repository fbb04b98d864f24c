#!/usr/bin/env python3
"""What Pillow and torchvision make of photographs and of synthetic images.

Writes packages/vision/golden: photographs.json and the expected PNGs of the JPEG photograph, synthetic.json.
Needs Pillow, numpy, torch and torchvision (made with Pillow 9.4.0 and torchvision 0.14.1):

    python3 tooling/golden/preprocess.py
"""

import hashlib
import json
import math
import random
from pathlib import Path

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image, ImageOps
from torchvision import transforms
from torchvision.transforms import functional

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / 'packages' / 'vision' / 'golden'
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
FILTERS = {'bilinear': Image.BILINEAR, 'bicubic': Image.BICUBIC}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def normalise(image: Image.Image) -> np.ndarray:
    """Height, width, channels."""
    tensor = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, STD)])(image)
    return tensor.permute(1, 2, 0).contiguous().numpy()


def resize_and_crop(image, target, crop, interpolation):
    """`target` and `crop` are (height, width); timm's transforms_imagenet_eval, crop mode 'center'."""
    mode = transforms.InterpolationMode(interpolation)
    if target[0] == target[1]:
        resized = functional.resize(image, target[0], mode)
    else:
        # timm's ResizeKeepRatio with longest=0, but with the filter of the checkpoint.
        width, height = image.size
        ratio = min(height / target[0], width / target[1])
        resized = functional.resize(image, [round(height / ratio), round(width / ratio)], mode)
    return resized, functional.center_crop(resized, crop)


def photograph_cases():
    sizes = [(256, 224, 'bilinear'), (235, 224, 'bicubic'), (288, 288, 'bicubic'), (32, 32, 'bilinear'), (600, 600, 'bicubic')]
    for name in ('chelsea.png', 'coffee.png', 'rocket.jpg'):
        image = Image.open(ROOT / 'examples' / name).convert('RGB')
        for target, crop, interpolation in sizes:
            resized, cropped = resize_and_crop(image, (target, target), (crop, crop), interpolation)
            expected = None
            if name.endswith('.jpg'):
                # Decoders of JPEG may differ by a step, so these pixels are compared one by one.
                expected = f'{Path(name).stem}-{target}-{crop}-{interpolation}.png'
                cropped.save(OUT / expected, optimize=True)
            values = normalise(cropped)
            yield {
                'image': name,
                'decoded': image.size,
                'resizeShorterSideTo': target,
                'resized': resized.size,
                'crop': crop,
                'interpolation': interpolation,
                'expected': expected,
                'sha256OfRGB': sha256(cropped.tobytes()),
                'sha256OfNormalized': sha256(values.tobytes()),
                'normalizedMean': [float(values[:, :, c].mean(dtype=np.float64)) for c in range(3)],
                'normalizedFirst': [float(v) for v in values[0, 0]],
            }


def noise(width: int, height: int) -> Image.Image:
    """Row by row, the high bytes of a linear congruential generator (Numerical Recipes) begun at width * 65536 + height."""
    state = width * 65536 + height
    data = bytearray(width * height * 3)
    for i in range(len(data)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        data[i] = state >> 24
    return Image.frombytes('RGB', (width, height), bytes(data))


def resize_cases(count: int):
    random.seed(1)
    sizes = [((1, 1), (7, 5)), ((300, 1), (40, 9)), ((1, 300), (9, 40)), ((64, 64), (64, 20)), ((64, 64), (20, 64)), ((9, 9), (9, 9))]
    while len(sizes) < count:
        width, height, to_width, to_height = (int(2 ** random.uniform(0, 7.5)) for _ in range(4))
        sizes.append(((width, height), (to_width, to_height)))
    for size, to in sizes:
        for name, value in FILTERS.items():
            yield {'from': size, 'to': to, 'interpolation': name, 'sha256': sha256(noise(*size).resize(to, value).tobytes())}


def crop_cases(count: int):
    random.seed(2)
    cases = [((1, 1), (256, 256), (224, 224)), ((3000, 1), (16, 16), (14, 14)), ((1, 3000), (16, 16), (14, 14)), ((40, 30), (30, 30), (25, 25))]
    while len(cases) < count:
        width, height = (int(2 ** random.uniform(2, 7.5)) for _ in range(2))
        square = random.random() < 0.5
        target = (random.randint(4, 120),) * 2 if square else (random.randint(4, 120), random.randint(4, 120))
        fraction = random.choice([1, 0.95, 0.9, 0.875])
        crop = tuple(max(1, round(side * fraction)) for side in target)
        # The same fraction must lead from the crop to the target on both sides.
        if tuple(math.floor(side / (crop[0] / target[0]) + 1e-9) for side in crop) == target:
            cases.append(((width, height), target, crop))
    for index, (size, target, crop) in enumerate(cases):
        interpolation = ('bilinear', 'bicubic')[index % 2]
        _, cropped = resize_and_crop(noise(*size), target, list(crop), interpolation)
        yield {
            'from': size,
            'target': target,
            'crop': crop,
            'interpolation': interpolation,
            'sha256': sha256(cropped.tobytes()),
            'sha256OfNormalized': sha256(normalise(cropped).tobytes()),
        }


def cmyk_case():
    """Every pair of cyan and black."""
    cyan, black = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    data = np.stack([cyan, 255 - cyan, cyan // 2, black], axis=2)
    return {'sha256': sha256(Image.fromarray(data, 'CMYK').convert('RGB').tobytes())}


def orientation_cases():
    for orientation in range(1, 9):
        image = noise(5, 3)
        image.getexif()[0x0112] = orientation
        upright = ImageOps.exif_transpose(image)
        yield {'orientation': orientation, 'size': upright.size, 'hex': upright.tobytes().hex()}


def write(name: str, value: dict) -> None:
    versions = {'pillow': PIL.__version__, 'torchvision': torchvision.__version__, 'torch': torch.__version__}
    (OUT / name).write_text(json.dumps({**versions, **value}, indent=1) + '\n')


def main() -> None:
    OUT.mkdir(exist_ok=True)
    write('photographs.json', {'cases': list(photograph_cases())})
    write('synthetic.json', {
        'resize': list(resize_cases(30)),
        'crop': list(crop_cases(40)),
        'cmyk': cmyk_case(),
        'orientation': list(orientation_cases()),
    })


if __name__ == '__main__':
    main()
