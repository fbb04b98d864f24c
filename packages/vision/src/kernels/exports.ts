/** What assembly/index.ts exports. Its files say what lies where; places and strides are in bytes. */
export interface Exports {
  heapBase(): number
  resampleRows(
    source: number,
    sourceStride: number,
    rows: number,
    columns: number,
    count: number,
    target: number,
    targetStride: number,
  ): void
  resampleColumns(source: number, stride: number, rows: number, count: number, target: number, width: number): void
  normalise(source: number, tables: number, target: number, pixels: number, redAt: number, blueAt: number): void
}
