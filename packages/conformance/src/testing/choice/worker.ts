import { chooseFastest } from './choose.js'

postMessage(await chooseFastest())
