import { engine } from './engine.js'

globalThis.engine = engine
globalThis.ownWorker = () => new Worker(new URL('./own.js', import.meta.url), { type: 'module' })
