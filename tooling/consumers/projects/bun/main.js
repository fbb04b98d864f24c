import { load } from 'resnet-ts'

const model = await load()
const [best] = await model.classify('photo.png')
await model.dispose()
console.log(JSON.stringify(best))
