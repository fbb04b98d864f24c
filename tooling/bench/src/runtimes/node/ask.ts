import { fork } from 'node:child_process'
import { timeLimit } from '../runtime.js'

/** What a process said, or why it did not. */
export type Reply<Answer> = { readonly answer: Answer } | { readonly failure: string }

/**
 * Starts a module in a new process of Node, sends it a message, and waits for the message with which it answers.
 *
 * @param node - the executable
 * @throws the signal's reason, when it is aborted; the process is ended then
 */
export function ask<Answer>(
  node: string,
  module: string,
  message: object,
  signal: AbortSignal,
): Promise<Reply<Answer>> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as ('ignore' | 'pipe' | 'ipc')[]
    const child = fork(module, { execPath: node, execArgv: [], stdio, signal, timeout: timeLimit })
    let said = ''
    const listen = (data: Buffer) => {
      said = (said + data).slice(-2000)
    }
    child.stdout!.on('data', listen)
    child.stderr!.on('data', listen)
    let reply: Reply<Answer> | undefined
    child.once('message', (answer) => {
      reply = { answer: answer as Answer }
    })
    child.once('error', (error) => (signal.aborted ? reject(signal.reason) : resolve({ failure: String(error) })))
    child.once('close', (code, killedBy) => {
      const end = killedBy ? `was ended by ${killedBy}` : `ended with the exit code ${code}`
      const last = said.trim().split('\n').slice(-3).join(' ') || 'nothing'
      resolve(reply ?? { failure: `its process ${end}, and had said: ${last}` })
    })
    child.send(message)
  })
}

/** In the process that is asked: answers, and ends, whatever threads are left running. */
export function answer<Question>(work: (question: Question) => Promise<object>): void {
  process.once('message', async (question) => {
    const result = await work(question as Question)
    process.send?.(result, () => process.exit())
  })
  // Nobody is left to answer.
  process.once('disconnect', () => process.exit(1))
}
