import { load } from 'resnet-ts'

const model = await load()
const [best] = await model.classify(await (await fetch('/photo.png')).blob())
await model.dispose()
postMessage(best)
