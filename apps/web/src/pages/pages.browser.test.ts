import { readFile } from 'node:fs/promises'
import { cost, inferShapes } from '@resnet-ts/graph'
import { readOnnx } from '@resnet-ts/onnx'
import { launch, withoutChromium } from '@resnet-ts/testing/chromium'
import { resnet34, resnet50 } from '@resnet-ts/zoo'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { count } from '../components/words.js'
import { type ServedSite, serveSite } from '../testing/site.js'
import { modelInUse, patience, pixelsOf, skipped, type Visit, visit } from '../testing/visitor.js'

describe.skipIf(withoutChromium)(`The pages${skipped}`, { timeout: patience }, () => {
  let browser: Browser
  let site: ServedSite
  let seen: Visit
  let page: Page
  beforeAll(async () => {
    browser = await launch()
    site = await serveSite()
  }, patience)
  afterAll(async () => {
    await browser?.close()
    site?.close()
  }, patience)
  beforeEach(async () => {
    seen = await visit(browser, site.url)
    page = seen.page
    await modelInUse(page, 'cifar_resnet20')
  }, patience)
  afterEach(async () => {
    await seen.close()
    expect(seen.said).toEqual([])
  }, patience)

  const goTo = async (hash: string) => {
    await page.evaluate((next) => {
      location.hash = next
    }, hash)
  }

  async function downloaded(click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([page.waitForEvent('download'), click()])
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }

  describe('Network', () => {
    test('draws stages, blocks and shortcuts, with the numbers of the graph', async () => {
      await goTo('#/network?model=resnet50')
      await page.locator('.frame').nth(5).waitFor()
      const { total, nodes } = cost(resnet50(), inferShapes(resnet50(), { image: [1, 224, 224, 3] }))
      const facts = await page.locator('.drawn-facts').textContent()
      expect(facts).toContain('16 blocks')
      expect(facts).toContain(`${count(total.parameters)} parameters`)
      expect(facts).toContain(`${count(total.macs)} multiplications`)
      expect(await page.locator('.frame h2').allInnerTexts()).toEqual([
        'stem',
        'layer1',
        'layer2',
        'layer3',
        'layer4',
        'head',
      ])
      expect(await page.locator('.cell[data-shortcut="solid"]').count()).toBe(12)
      expect(await page.locator('.cell[data-shortcut="dashed"]').count()).toBe(4)
      await page.getByRole('button', { name: /^layer2\.0 bottleneck.*dashed shortcut$/ }).click()
      const row = page.locator('tr', { has: page.locator('th', { hasText: /^conv2$/ }) })
      await row.waitFor()
      expect(await row.locator('td').allInnerTexts()).toEqual([
        'conv2d',
        '28 × 28 × 128',
        '128 × 128 × 3 × 3',
        count(128 * 128 * 9),
        count(nodes.get('layer2.0.conv2')!.macs),
      ])
      const figure = page.locator('.details-figure')
      await expect.poll(() => figure.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100)
      expect(new URL(page.url()).hash).toBe('#/network?model=resnet50&block=layer2.0')
    })

    test('heats the boxes by what they cost', async () => {
      await goTo('#/network?model=resnet50')
      const heat = (name: RegExp) =>
        page.getByRole('button', { name }).evaluate((box) => Number(getComputedStyle(box).getPropertyValue('--heat')))
      await page.locator('.frame').nth(5).waitFor()
      expect(await heat(/^layer2\.0 /)).toBe(1)
      await page.locator('.segments label', { hasText: 'Parameters' }).click()
      await expect.poll(() => heat(/^layer4\.0 /)).toBe(1)
      expect(await heat(/^layer2\.0 /)).toBeLessThan(0.5)
      await page.locator('.segments label', { hasText: 'None' }).click()
      await expect.poll(() => heat(/^layer4\.0 /)).toBe(0)
    })

    test('shows basic block and bottleneck side by side, and any two models', async () => {
      await goTo('#/network?model=resnet50')
      await page.getByRole('button', { name: 'Basic block and bottleneck' }).click()
      await page.locator('.details-figure').nth(1).waitFor()
      const figures = page.locator('.details-figure')
      expect(await figures.first().getAttribute('alt')).toContain('a basic block')
      expect(await figures.last().getAttribute('alt')).toContain('a bottleneck')
      const { total } = cost(resnet34(), inferShapes(resnet34(), { image: [1, 224, 224, 3] }))
      expect(await page.locator('.drawn-facts').first().textContent()).toContain(
        `${count(total.parameters)} parameters`,
      )
      await page.locator('.drawn select').last().selectOption('resnet152')
      await expect.poll(() => page.locator('.drawn-facts').last().textContent()).toContain('50 blocks')
      await page.getByLabel('Draw every block').check()
      await expect.poll(() => page.locator('.drawn').last().locator('.cell[data-shortcut]').count()).toBe(50)
    })

    test('gives the text and the files of a network', async () => {
      await goTo('#/network?model=cifar_resnet20')
      await page.getByText('The graph as text').click()
      const text = page.locator('.text pre')
      await text.waitFor()
      expect(await text.textContent()).toMatch(/^graph cifar_resnet20\n {2}image = input \[1, 32, 32, 3\]\n/)
      const svg = await downloaded(() => page.getByRole('button', { name: 'SVG' }).click())
      expect(svg.name).toBe('cifar_resnet20.svg')
      expect(svg.bytes.toString()).toMatch(/^<svg /)
      const json = await downloaded(() => page.getByRole('button', { name: 'Summary as JSON' }).click())
      const summary = JSON.parse(json.bytes.toString())
      expect(summary).toMatchObject({ name: 'cifar_resnet20', kind: 'network', cost: { parameters: 269_722 } })
      const own = await downloaded(() => page.getByRole('button', { name: 'ONNX with the weights in use' }).click())
      const model = readOnnx(own.bytes)
      expect(JSON.parse(model.metadata.get('labels') ?? '')).toContain('airplane')
      await page.locator('.drawn select').selectOption('cifar_resnet32')
      const fresh = await downloaded(() => page.getByRole('button', { name: 'ONNX with fresh weights' }).click())
      expect(readOnnx(fresh.bytes).graph.initializers.length).toBeGreaterThan(model.graph.initializers.length)
    })
  })

  describe('Inside', () => {
    /** The values of a picture's pixels: how far each is from the ground, and to which side. */
    const mapOf = async (label: RegExp) => {
      const pixels = await pixelsOf(page.getByRole('img', { name: label }).first())
      return Array.from({ length: pixels.length / 4 }, (_, place) => pixels[place * 4]! - pixels[place * 4 + 2]!)
    }

    test('shows what came in, what is added and the sum, for any block', async () => {
      await goTo('#/inside')
      await page.getByText('Take a photo to follow').waitFor()
      await page.locator('.example').first().click()
      await page.locator('.way[aria-busy="false"]').waitFor()
      expect(await page.locator('.way-step canvas').count()).toBe(10)
      expect(await page.locator('.channel:not(.channels-head)').count()).toBe(6)
      const names = await page
        .getByRole('img', { name: /^Channel \d+ as it came in$/ })
        .evaluateAll((images) => images.map((image) => image.getAttribute('aria-label')))
      expect(new Set(names).size).toBe(6)
      await page.getByRole('button', { name: /^layer2\.2/ }).click()
      await page.getByRole('heading', { name: /^layer2\.2/ }).waitFor()
      await page.locator('.block[aria-busy="false"]').waitFor()
      expect(await page.locator('.block-head p').textContent()).toContain('16 × 16 pixels, 32 channels')
      // What leaves is never below zero, and what is added somewhere is.
      const leaves = await mapOf(/as it leaves the block$/)
      const added = await mapOf(/^What is added/)
      expect(leaves).toHaveLength(256)
      expect(Math.min(...leaves)).toBeGreaterThan(-10)
      expect(Math.min(...added)).toBeLessThan(-10)
      await page.getByRole('button', { name: 'More channels' }).click()
      await expect.poll(() => page.locator('.channel:not(.channels-head)').count()).toBe(12)
    })

    test('the block of the address is the one that is shown', async () => {
      await page.locator('.example').first().click()
      await goTo('#/inside?block=layer3.0')
      await page.getByRole('heading', { name: /^layer3\.0/ }).waitFor()
      await page.getByText('projected', { exact: false }).first().waitFor()
    })
  })

  test('Speed measures each backend, and each layer', async () => {
    await goTo('#/speed')
    await page.getByRole('button', { name: 'Measure' }).click()
    await page.locator('.stages').waitFor()
    const rows = await page.locator('.race tbody tr').all()
    const texts = await Promise.all(rows.map((row) => row.textContent()))
    expect(texts.length).toBeGreaterThanOrEqual(3)
    for (const text of texts) expect(text).toMatch(/WebGPU[\s\S]*no GPU|[\d.]+ m?s[\s\S]*\d/)
    expect(await page.locator('.stages strong').allInnerTexts()).toEqual(['stem', 'layer1', 'layer2', 'layer3', 'head'])
    const layers = page.locator('.layers tbody tr')
    expect(await layers.count()).toBe(12)
    await page.getByRole('button', { name: /^All \d+ layers$/ }).click()
    const all = await layers.locator('th').allInnerTexts()
    expect(all.length).toBeGreaterThan(12)
    expect(all).toContain('layer2.0.downsample.0')
    await page.locator('.speed-bar select').selectOption('cifar_resnet32')
    await page.getByRole('button', { name: 'Measure' }).click()
    await page.getByRole('heading', { name: 'One image through cifar_resnet32' }).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Measure' }).waitFor()
  })

  test('Code follows what is on screen', async () => {
    await page.locator('.example').first().click()
    await page.locator('.bar').nth(1).click()
    await page.locator('.photograph-overlay').waitFor()
    await goTo('#/network?model=resnet34&block=layer1.1')
    await page.locator('.frame').first().waitFor()
    await goTo('#/code')
    const code = async (title: string) =>
      page
        .locator('.listing', { has: page.getByRole('heading', { name: title }) })
        .locator('pre')
        .textContent()
    expect(await code('Classify the photo')).toContain("model.classify('chelsea.png')")
    // The second likeliest is a dog, class 5.
    expect(await code('Where a class is seen')).toContain("model.explain('chelsea.png', 5)")
    expect(await code('The network')).toContain("toSvg(graph, inputs, { scope: 'layer1.1' })")
    await page.locator('.segments label', { hasText: 'In a page' }).click()
    await expect.poll(() => code('Classify the photo')).toContain('document.querySelector')
  })

  test('the theme is the system’s until it is chosen, and then stays', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.getByRole('button', { name: 'Use the dark theme' }).click()
    await expect.poll(ground).not.toBe(light)
    await page.reload()
    await expect.poll(ground).not.toBe(light)
    await page.getByRole('button', { name: 'Use the light theme' }).click()
    await expect.poll(ground).toBe(light)
  })
})
