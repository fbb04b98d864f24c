/**
 * `node serve.mjs FOLDER REGISTRY`: a registry of this machine that keeps its packages in a folder and fetches those of others
 * from another registry. Its first line of output is its address; it ends when its input does.
 */

import { runServer } from 'verdaccio'

const [storage, uplink] = process.argv.slice(2)
const everyone = { access: '$all', publish: '$all', unpublish: '$all' }

const server = await runServer({
  self_path: storage,
  storage,
  uplinks: { others: { url: uplink, cache: false } },
  // Ours are never asked for elsewhere, whatever has been published there.
  packages: { 'resnet-ts': everyone, '@resnet-ts/*': everyone, '**': { access: '$all', proxy: 'others' } },
  max_body_size: '64mb',
  log: { type: 'stdout', format: 'json', level: 'fatal' },
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
process.stdin.on('end', () => process.exit()).resume()
