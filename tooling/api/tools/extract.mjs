/**
 * `node extract.mjs ROOT REPORTS`: writes down the interface of every entry of every public package, a report each, as API
 * Extractor reads it from the declarations that are published. Called by ../main.mjs.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const [root, reports] = process.argv.slice(2)
mkdirSync(reports, { recursive: true })

for (const folder of readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))) {
  const file = join(folder, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  if (manifest.private) continue
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (typeof target === 'string') continue
    const name = [manifest.name.replace(/^@.*\//, ''), ...entry.split('/').slice(1)].join('-')
    writeReport(file, join(folder, target.types), name)
  }
}
rmSync(join(reports, 'made'), { recursive: true, force: true })

/**
 * @param {string} manifest of the package, its path
 * @param {string} entry its declarations
 * @param {string} name of the report
 */
function writeReport(manifest, entry, name) {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: [],
    strict: true,
    skipLibCheck: true,
  }
  // Only what is exported, and what that needs: how things are to be documented is not this tool's matter.
  const none = { default: { logLevel: 'none' } }
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: join(manifest, '..'),
      newlineKind: 'lf',
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: reports,
        reportTempFolder: join(reports, 'made'),
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: none,
        tsdocMessageReporting: none,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: manifest,
  })
  const { errorCount } = Extractor.invoke(config, { localBuild: true })
  if (errorCount > 0) process.exitCode = 1
}
