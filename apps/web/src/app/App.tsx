import { useEffect, useRef } from 'preact/hooks'
import { Classify } from '../pages/classify/Classify.js'
import { page } from '../state/route.js'
import './app.css'
import { Footer } from './Footer.js'
import { Header } from './Header.js'
import { Later } from './Later.js'
import { ModelDialog } from './model/ModelDialog.js'
import { Navigation } from './Navigation.js'
import { names } from './names.js'

export function App() {
  const main = useRef<HTMLElement>(null)
  const shown = page.value
  useEffect(() => {
    document.title = `${names[shown]} · resnet-ts`
  }, [shown])
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header />
      <main id="main" ref={main} tabIndex={-1}>
        <CurrentPage />
      </main>
      <Footer />
      <Navigation place="bottom" />
      <ModelDialog />
    </>
  )
}

const loadNetwork = async () => (await import('../pages/network/Network.js')).Network

const loadInside = async () => (await import('../pages/inside/Inside.js')).Inside

const loadSpeed = async () => (await import('../pages/speed/Speed.js')).Speed

const loadCode = async () => (await import('../pages/code/Code.js')).Code

function CurrentPage() {
  switch (page.value) {
    case 'classify':
      return <Classify />
    case 'network':
      return <Later load={loadNetwork} />
    case 'inside':
      return <Later load={loadInside} />
    case 'speed':
      return <Later load={loadSpeed} />
    case 'code':
      return <Later load={loadCode} />
    default:
      return page.value satisfies never
  }
}
