const { load } = require('resnet-ts')

async function main() {
  const model = await load()
  const [best] = await model.classify('photo.png')
  await model.dispose()
  console.log(JSON.stringify(best))
}

void main()
