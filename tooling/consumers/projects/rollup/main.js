import { load } from 'resnet-ts'

const model = await load()
const [best] = await model.classify('photo.png')
await model.dispose()
document.querySelector('output').textContent = JSON.stringify(best)
