/** What the binary of assembly/index.ts exports; addresses in bytes. */
export interface Kernels {
  run(
    plan: number,
    first: number,
    last: number,
    team: number,
    thread: number,
    threads: number,
    scratch: number,
    times: number,
  ): number
  packConvolution(
    from: number,
    to: number,
    offsets: number,
    outChannels: number,
    inPerGroup: number,
    outPerGroup: number,
    kernelHeight: number,
    kernelWidth: number,
    run: number,
    merged: number,
  ): void
  packWinograd(
    from: number,
    to: number,
    offsets: number,
    outChannels: number,
    inPerGroup: number,
    outPerGroup: number,
    run: number,
    size: number,
  ): void
  packStrassen(from: number, to: number, outChannels: number, inChannels: number): void
  tileRows(): number
  heapBase(): number
}

export async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, now: () => performance.now() } })
  return exports as unknown as Kernels
}
