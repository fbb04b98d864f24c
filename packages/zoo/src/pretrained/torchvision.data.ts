/**
 * torchvision's weights of this family: architecture, name in its enumeration, file, the shorter side before the crop
 * of 224 pixels, and the published top-1 and top-5 accuracy on ImageNet in percent. V1 is the original recipe, V2 the
 * longer one of 2021; both are resampled bilinearly.
 */
export const torchvisionRows: readonly TorchvisionRow[] = [
  ['resnext101_32x8d', 'IMAGENET1K_V1', 'resnext101_32x8d-8ba56ff5.pth', 256, 79.312, 94.526],
  ['resnext101_32x8d', 'IMAGENET1K_V2', 'resnext101_32x8d-110c445d.pth', 232, 82.834, 96.228],
  ['resnext101_64x4d', 'IMAGENET1K_V1', 'resnext101_64x4d-173b62eb.pth', 232, 83.246, 96.454],
  ['resnext50_32x4d', 'IMAGENET1K_V1', 'resnext50_32x4d-7cdf4587.pth', 256, 77.618, 93.698],
  ['resnext50_32x4d', 'IMAGENET1K_V2', 'resnext50_32x4d-1a0047aa.pth', 232, 81.198, 95.34],
  ['resnet101', 'IMAGENET1K_V1', 'resnet101-63fe2227.pth', 256, 77.374, 93.546],
  ['resnet101', 'IMAGENET1K_V2', 'resnet101-cd907fc2.pth', 232, 81.886, 95.78],
  ['resnet152', 'IMAGENET1K_V1', 'resnet152-394f9c45.pth', 256, 78.312, 94.046],
  ['resnet152', 'IMAGENET1K_V2', 'resnet152-f82ba261.pth', 232, 82.284, 96.002],
  ['resnet18', 'IMAGENET1K_V1', 'resnet18-f37072fd.pth', 256, 69.758, 89.078],
  ['resnet34', 'IMAGENET1K_V1', 'resnet34-b627a593.pth', 256, 73.314, 91.42],
  ['resnet50', 'IMAGENET1K_V1', 'resnet50-0676ba61.pth', 256, 76.13, 92.862],
  ['resnet50', 'IMAGENET1K_V2', 'resnet50-11ad3fa6.pth', 232, 80.858, 95.434],
  ['wide_resnet101_2', 'IMAGENET1K_V1', 'wide_resnet101_2-32ee1156.pth', 256, 78.848, 94.284],
  ['wide_resnet101_2', 'IMAGENET1K_V2', 'wide_resnet101_2-d733dc28.pth', 232, 82.51, 96.02],
  ['wide_resnet50_2', 'IMAGENET1K_V1', 'wide_resnet50_2-95faca4d.pth', 256, 78.468, 94.086],
  ['wide_resnet50_2', 'IMAGENET1K_V2', 'wide_resnet50_2-9ba9bcbe.pth', 232, 81.602, 95.758],
]

export type TorchvisionRow = readonly [
  architecture: string,
  name: string,
  file: string,
  resize: number,
  top1: number,
  top5: number,
]
