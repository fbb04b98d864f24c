/** The names of one graph's values. ONNX has one namespace for inputs, outputs, initialisers and what nodes yield. */
export class Names {
  readonly #taken = new Set<string>()

  /** This name, or with the first number that makes it unique; it is taken from then on. */
  unused(wanted: string): string {
    // An empty name would stand for a value that is left out.
    const name = wanted || 'value'
    let unused = name
    for (let count = 2; this.#taken.has(unused); count++) unused = `${name}_${count}`
    this.#taken.add(unused)
    return unused
  }
}
