import { peersInPage } from '../../peers/inPage.js'
import type { PeerName } from '../../peers/names.js'
import type { Job, Outcome } from '../../race/job.js'
import { perform } from '../../race/perform.js'
import type { Place, Racer } from '../../race/runner.js'
import { UnsupportedError } from '../../race/unsupported.js'
import { usInPage } from '../../us/inPage.js'

/** The address of the folders of packages, on the server of this page. */
const modules = new URL('/modules/', location.href).href

const place: Place = {
  runtime: 'chromium',
  async versionOf(packageName) {
    const response = await fetch(`${modules}${packageName}/package.json`)
    return ((await response.json()) as { version: string }).version
  },
  filesOf: (packageName) => `${modules}${packageName}/`,
  async publish(files) {
    const folder = new URL('/published/', location.href).href
    return {
      location: folder,
      async fetch(address) {
        const path = new URL(String(address), location.href).href.replace(folder, '')
        const content = files.get(path)
        return new Response(content as BodyInit, { status: content === undefined ? 404 : 200 })
      },
      async remove() {},
    }
  },
}

async function peer(name: PeerName): Promise<Racer> {
  if (name in peersInPage) return (await peersInPage[name as keyof typeof peersInPage]()).racer
  throw new UnsupportedError({ subject: name, expected: 'Node', found: 'a page' })
}

async function performHere(job: Job): Promise<Outcome> {
  return perform(job, { us: () => usInPage(job), peer: () => peer(job.peer) }, place)
}

Object.assign(globalThis, { perform: performHere })
