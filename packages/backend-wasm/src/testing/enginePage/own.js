import { engine } from './engine.js'

globalThis.engine = engine
postMessage('ready')
