/**
 * CMYK to RGB as Pillow's `cmyk2rgb`: `(255 − K) − round(C · (255 − K) / 255)`, without a colour profile.
 *
 * @param data `channels` bytes a pixel, of which the first four are cyan, magenta, yellow and black
 */
export function cmykToRgb(data: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((data.length / channels) * 3)
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const light = 255 - data[from + 3]!
    for (let channel = 0; channel < 3; channel++) {
      rgb[to + channel] = light - divideBy255(data[from + channel]! * light)
    }
  }
  return rgb
}

// Pillow's MULDIV255: the nearest whole number to value / 255.
function divideBy255(value: number): number {
  const rounded = value + 128
  return ((rounded >> 8) + rounded) >> 8
}
