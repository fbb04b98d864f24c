import { BackendError } from '@resnet-ts/graph'

const kinds = ['validation', 'out-of-memory', 'internal'] as const

/** Turns what goes wrong on a device into errors: WebGPU tells of it elsewhere, and later. */
export class Guard {
  readonly #device: GPUDevice
  readonly #loss: Promise<BackendError>
  #lost: BackendError | undefined

  constructor(device: GPUDevice) {
    this.#device = device
    this.#loss = device.lost.then(({ message }) => {
      this.#lost = lostDevice(message)
      return this.#lost
    })
  }

  /** Whether the device is gone. */
  get isLost(): boolean {
    return this.#lost !== undefined
  }

  /**
   * Does `work`; one at a time.
   *
   * @throws {BackendError} when the device is lost, or the GPU fails at it
   */
  async around<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#lost) throw this.#lost
    for (const kind of kinds) this.#device.pushErrorScope(kind)
    const ended = Promise.allSettled([work()])
    const outcome = await Promise.race([ended, this.#loss])
    const faults = Promise.all(kinds.map(() => this.#device.popErrorScope().catch(() => null)))
    const known = await Promise.race([faults, this.#loss])
    if (outcome instanceof BackendError) throw outcome
    if (known instanceof BackendError) throw known
    const fault = known.find((each) => each !== null)
    if (fault) throw failed(fault)
    if (outcome[0].status === 'rejected') throw outcome[0].reason
    return outcome[0].value
  }
}

function lostDevice(message: string): BackendError {
  return new BackendError({
    subject: "backend 'webgpu'",
    expected: 'its GPU device',
    found: `that it was lost${message ? `: ${message.replace(/\.$/, '')}` : ''}`,
    advice: 'compile the graph again',
  })
}

function failed(fault: GPUError): BackendError {
  return new BackendError({
    subject: "backend 'webgpu'",
    expected: 'the GPU to compute',
    found: fault.message.split('\n', 1)[0].replace(/\.$/, '') || 'that it failed, without a reason',
    cause: fault,
  })
}
