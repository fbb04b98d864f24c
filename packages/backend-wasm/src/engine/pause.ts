/** A stretch of work that is not to hold up others for long. */
export class Stretch {
  /** Milliseconds: a frame's half. */
  static readonly longest = 8
  #began = performance.now()

  begin(): void {
    this.#began = performance.now()
  }

  get isLong(): boolean {
    return performance.now() - this.#began > Stretch.longest
  }
}

/** Lets in what has come meanwhile: messages, and in a page, clicks. */
export function pause(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
