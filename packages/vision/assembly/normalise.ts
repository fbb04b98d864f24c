/**
 * Bytes as the numbers that a network takes.
 *
 * Memory:
 *   source  [pixels][3] u8: red, green, blue
 *   tables  [3][256] f32: the number for each byte of red, of green and of blue
 *   target  [pixels][3] f32
 */

/** @param redAt, blueAt - which of a pixel's three numbers is red, and which blue; green is the second */
export function normalise(source: usize, tables: usize, target: usize, pixels: i32, redAt: i32, blueAt: i32): void {
  const end = target + <usize>pixels * 12
  const red = <usize>redAt << 2
  const blue = <usize>blueAt << 2
  while (target < end) {
    store<f32>(target + red, load<f32>(tables + (<usize>load<u8>(source) << 2)))
    store<f32>(target, load<f32>(tables + (<usize>load<u8>(source, 1) << 2), 1024), 4)
    store<f32>(target + blue, load<f32>(tables + (<usize>load<u8>(source, 2) << 2), 2048))
    source += 3
    target += 12
  }
}
