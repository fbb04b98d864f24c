import { type Backend, type Network, onlyInput, tensor } from '@resnet-ts/graph'
import type { Runner, Settings } from '../race/runner.js'

/**
 * A network on one of our backends.
 *
 * @throws {ResnetError} for all that its `compile` refuses
 */
export async function backendRunner(
  backend: Backend,
  version: string,
  network: Network,
  { shape }: Settings,
): Promise<Runner> {
  const session = await backend.compile(network.graph, network.params)
  const name = onlyInput(network.graph)
  return {
    name: backend.name,
    version,
    device: session.describe().device,
    layout: 'nhwc',
    async run(input) {
      const { logits } = await session.run({ [name]: tensor(shape, input) })
      return logits!.data
    },
    dispose: () => session.dispose(),
  }
}
