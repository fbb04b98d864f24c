import { load } from 'resnet-ts'
import { Classified } from './classified.jsx'

// Imported on the server, too, where it is to do no harm.
export default function Page() {
  return (
    <main data-load={typeof load}>
      <Classified />
    </main>
  )
}
