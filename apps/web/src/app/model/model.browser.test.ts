import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch, softwareWebgpu, withoutChromium } from '@resnet-ts/testing/chromium'
import { commitOf, type HubServer, serveHub } from '@resnet-ts/testing/hub'
import { writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, cifar_resnet32, initialise, test_resnet } from '@resnet-ts/zoo'
import type { Browser, Page } from 'playwright-core'
import { load } from 'resnet-ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { percent } from '../../components/words.js'
import { example } from '../../testing/examples.js'
import { type ServedSite, serveSite } from '../../testing/site.js'
import { modelInUse, openChoice, patience, predictionsOn, skipped, type Visit, visit } from '../../testing/visitor.js'

const hubName = 'test_resnet.r160_in1k'
const flowers = ['daisy', 'rose', 'tulip']

describe.skipIf(withoutChromium)(`The choice of a model${skipped}`, { timeout: patience }, () => {
  const hubWeights = writeSafetensors(initialise(test_resnet(), { seed: 7 }))
  let browser: Browser
  let site: ServedSite
  let hub: HubServer
  let folder: string
  let seen: Visit
  let page: Page
  beforeAll(async () => {
    browser = await launch()
    site = await serveSite()
    folder = await mkdtemp(join(tmpdir(), 'resnet-ts-web-'))
    hub = await serveHub({
      [`timm/${hubName}`]: { commit: commitOf('a'), files: { 'model.safetensors': Buffer.from(hubWeights) } },
    })
  }, patience)
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await hub?.close()
    await rm(folder, { recursive: true, force: true })
  }, patience)
  beforeEach(async () => {
    seen = await visit(browser, site.url)
    page = seen.page
    await useHub(seen)
    await page.locator('.example').first().click()
    await predictionsOn(page)
  }, patience)
  afterEach(async () => {
    await seen.close()
    expect(seen.said).toEqual([])
  }, patience)

  /** Lets our own hub answer in the place of huggingface.co. */
  async function useHub({ context }: Visit): Promise<void> {
    await context.route('https://huggingface.co/**', async (route) => {
      const { pathname, search } = new URL(route.request().url())
      const answer = await fetch(hub.endpoint + pathname + search)
      await route.fulfill({
        status: answer.status,
        headers: { ...Object.fromEntries(answer.headers), 'access-control-allow-origin': '*' },
        body: Buffer.from(await answer.arrayBuffer()),
      })
    })
  }

  async function file(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }

  /** Opens files as a model, from the dialog, which is left open. */
  async function openFiles(weights: readonly string[], labels?: string): Promise<void> {
    await openChoice(page, 'Your own')
    await page.getByLabel('Weights', { exact: true }).setInputFiles([...weights])
    if (labels !== undefined) await page.getByLabel('Class names', { exact: true }).setInputFiles(labels)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
  }

  const onScreen = (predictions: readonly { readonly label: string; readonly probability: number }[]) =>
    predictions.map(({ label, probability }) => [label, percent(probability)])

  test('from the hub, once; it is there at the next visit too', async () => {
    await openChoice(page, 'From the hub')
    await page.getByRole('searchbox').fill('test_res')
    await page.getByRole('button', { name: new RegExp(hubName) }).click()
    await modelInUse(page, hubName)
    await page.keyboard.press('Escape')
    await expect.poll(async () => (await predictionsOn(page)).length).toBe(5)
    const model = await load(test_resnet, {
      weights: initialise(test_resnet(), { seed: 7 }),
      preprocess: (await import('@resnet-ts/zoo/pretrained')).findCheckpoint(hubName)!.preprocess,
    })
    const wanted = onScreen(await model.classify(example('chelsea.png')))
    await model.dispose()
    expect(await predictionsOn(page)).toEqual(wanted)
    const fetched = hub.seen.filter(({ on }) => on === 'host').length
    await page.reload()
    await modelInUse(page, hubName)
    expect(hub.seen.filter(({ on }) => on === 'host')).toHaveLength(fetched)
  })

  test('a name that the hub does not have is refused, and the model in use stays', async () => {
    await openChoice(page, 'From the hub')
    await page.getByRole('searchbox').fill('nobody/nothing')
    await page.getByRole('button', { name: /nobody\/nothing/ }).click()
    const alert = page.locator('.dialog').getByRole('alert')
    expect(await alert.textContent()).toContain('nobody/nothing')
    await modelInUse(page, 'cifar_resnet20.cifar10')
    // The console tells of each answer that is no success, whatever the page makes of it.
    expect(seen.said.every((message) => /status of 40[14]/.test(message))).toBe(true)
    seen.said.length = 0
  })

  test('a checkpoint of your own with its labels: what it is, its keys tell', async () => {
    const weights = initialise(cifar_resnet32({ numClasses: 3 }), { seed: 3 })
    await openFiles(
      [await file('flowers.safetensors', writeSafetensors(weights))],
      await file('flowers.txt', flowers.join('\n')),
    )
    await modelInUse(page, 'flowers.safetensors')
    await page.keyboard.press('Escape')
    await expect.poll(async () => (await predictionsOn(page)).length).toBe(3)
    const model = await load(cifar_resnet32, { weights, labels: flowers, options: { numClasses: 3 } })
    const wanted = onScreen(await model.classify(example('chelsea.png')))
    await model.dispose()
    expect(await predictionsOn(page)).toEqual(wanted)
  })

  test('a checkpoint with its card', async () => {
    const weights = writeSafetensors(initialise(cifar_resnet20({ numClasses: 3 })))
    const card = { architecture: 'cifar_resnet20', num_classes: 3, label_names: flowers }
    await openFiles([await file('carded.safetensors', weights), await file('config.json', JSON.stringify(card))])
    await modelInUse(page, 'carded.safetensors')
    await page.keyboard.press('Escape')
    await expect.poll(async () => (await predictionsOn(page)).map(([label]) => label).sort()).toEqual(flowers)
  })

  test.each([
    [
      'cut off',
      'cut.safetensors',
      writeSafetensors(initialise(cifar_resnet20())).subarray(0, 9_000),
      /expected .*found/,
    ],
    ['no checkpoint at all', 'notes.pth', 'nothing of the kind', /expected .*found/],
    ['of another network', 'other.npy', npy(), /none was recognised/],
  ])('a checkpoint that is %s is refused with a sentence', async (_, name, content, sentence) => {
    const before = await predictionsOn(page)
    await openFiles([await file(name, content)])
    const alert = page.locator('.dialog').getByRole('alert')
    expect(await alert.textContent()).toMatch(sentence)
    await page.keyboard.press('Escape')
    await modelInUse(page, 'cifar_resnet20.cifar10')
    expect(await predictionsOn(page)).toEqual(before)
  })

  test('labels that are too few are refused', async () => {
    const weights = writeSafetensors(initialise(cifar_resnet20()))
    await openFiles([await file('ten.safetensors', weights)], await file('two.json', '["one", "two"]'))
    expect(await page.locator('.dialog').getByRole('alert').textContent()).toMatch(/expected 10 names.*found 2/)
  })

  test('a model that is switched in mid-inference answers alone', async () => {
    const weights = initialise(cifar_resnet32({ numClasses: 3 }), { seed: 3 })
    const path = await file('flowers.safetensors', writeSafetensors(weights))
    await openChoice(page, 'Your own')
    await page.getByLabel('Weights', { exact: true }).setInputFiles(path)
    // The photo is asked about, and the model changed, in the same moment, and once more while that goes on.
    const png = (await readFile(example('rocket.jpg'))).toString('base64')
    await page.evaluate((bytes) => {
      const photo = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))
      const data = new DataTransfer()
      data.items.add(new File([photo], 'rocket.jpg', { type: 'image/jpeg' }))
      dispatchEvent(new DragEvent('drop', { cancelable: true, dataTransfer: data }))
      const button = [...document.querySelectorAll<HTMLButtonElement>('.dialog button')].find(
        ({ textContent }) => textContent === 'Open',
      )
      button?.click()
      button?.click()
    }, png)
    await modelInUse(page, 'flowers.safetensors')
    await page.keyboard.press('Escape')
    await expect
      .poll(async () => (await predictionsOn(page)).map(([label]) => label).sort())
      .toEqual(['class 0', 'class 1', 'class 2'])
    await page.locator('canvas[aria-label^="The photo rocket.jpg:"]').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('TensorFlow.js answers the same; WebGPU tells why it does not', async () => {
    const before = await predictionsOn(page)
    await page.locator('.chip').click()
    const gpu = page.locator('.option', { hasText: 'WebGPU' })
    expect(await gpu.locator('input').isDisabled()).toBe(true)
    expect(await gpu.textContent()).toMatch(/GPU/)
    await page.locator('.option', { hasText: 'TensorFlow.js' }).click()
    await page.getByRole('button', { name: /this way/ }).click()
    await page.locator('.chip small', { hasText: 'TensorFlow.js' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await predictionsOn(page)).toEqual(before)
  })
})

describe.skipIf(withoutChromium)(`WebGPU on an adapter of software${skipped}`, { timeout: patience }, () => {
  let browser: Browser
  let site: ServedSite
  beforeAll(async () => {
    browser = await launch(softwareWebgpu)
    site = await serveSite()
  }, patience)
  afterAll(async () => {
    await browser?.close()
    site?.close()
  }, patience)

  test('answers as WebAssembly does', async () => {
    const { page, context, said, close } = await visit(browser, site.url)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.locator('.example').first().click()
    const before = await reportOn(page)
    await page.locator('.chip').click()
    await page.locator('.option', { hasText: 'WebGPU' }).click()
    await page.getByRole('button', { name: /this way/ }).click()
    await page.locator('.chip small', { hasText: 'WebGPU' }).waitFor()
    await page.keyboard.press('Escape')
    const after = await reportOn(page)
    expect(after.map(({ index }) => index)).toEqual(before.map(({ index }) => index))
    // Differences of logarithms of probabilities are differences of logits.
    const logits = (report: Report) => report.map(({ probability }) => Math.log(probability / report[0].probability))
    for (const [place, logit] of logits(after).entries()) expect(logit).toBeCloseTo(logits(before)[place], 3)
    await close()
    expect(said.filter((message) => !/^(warning|info|log): /.test(message))).toEqual([])
  })
})

type Report = readonly { readonly index: number; readonly probability: number }[]

/** What is copied as JSON. */
async function reportOn(page: Page): Promise<Report> {
  await predictionsOn(page)
  await page.getByRole('button', { name: 'Copy as JSON' }).click()
  return JSON.parse(await page.evaluate(() => navigator.clipboard.readText())).predictions
}

/** A NumPy file of two numbers. */
function npy(): Uint8Array {
  const header = `${"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(117)}\n`
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0, 118, 0]),
    Buffer.from(header),
    Buffer.alloc(8),
  ])
}
