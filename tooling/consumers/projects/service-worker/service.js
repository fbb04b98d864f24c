import { load } from 'resnet-ts'

async function classify() {
  const model = await load()
  const [best] = await model.classify(await (await fetch('photo.png')).blob())
  await model.dispose()
  return Response.json(best)
}

addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  if (event.request.url.endsWith('/classified')) event.respondWith(classify())
})
