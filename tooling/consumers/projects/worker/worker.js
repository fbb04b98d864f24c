import { load } from 'resnet-ts'

async function classify() {
  const model = await load()
  const [best] = await model.classify(await (await fetch('/photo.png')).blob())
  await model.dispose()
  return best
}

// Not awaited at the top level: Vite builds workers in a format that does not have that.
void classify().then(postMessage)
