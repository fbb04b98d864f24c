import { peersInNode } from '../../peers/inNode.js'
import type { PeerName } from '../../peers/names.js'
import type { Job } from '../../race/job.js'
import { perform } from '../../race/perform.js'
import type { Racer } from '../../race/runner.js'
import { UnsupportedError } from '../../race/unsupported.js'
import { usInNode } from '../../us/inNode.js'
import { answer } from './ask.js'
import { place } from './place.js'

// The process of one race.
answer((job: Job) => perform(job, { us: () => usInNode(job), peer: () => peer(job.peer) }, place))

async function peer(name: PeerName): Promise<Racer> {
  if (name in peersInNode) return (await peersInNode[name as keyof typeof peersInNode]()).racer
  throw new UnsupportedError({ subject: name, expected: 'a page', found: 'Node' })
}
