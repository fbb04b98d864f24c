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
  tileRows(): number
  heapBase(): number
}

export async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, now: () => performance.now() } })
  return exports as unknown as Kernels
}
