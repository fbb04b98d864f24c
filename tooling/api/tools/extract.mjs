/**
 * `node extract.mjs ROOT REPORTS`: writes down the interface of every entry of every public package, a report each, as API
 * Extractor reads it from the declarations that are published. Called by ../main.mjs.
 */

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { compilerOptions, publicPackages } from './entries.mjs'

const [root, reports] = process.argv.slice(2)
mkdirSync(reports, { recursive: true })

for (const { manifest, entries } of publicPackages(root)) {
  for (const { name, types } of entries)
    writeReport(manifest, types, name.replace(/^@[^/]*\//, '').replaceAll('/', '-'))
}
rmSync(join(reports, 'made'), { recursive: true, force: true })

/**
 * @param {string} manifest of the package, its path
 * @param {string} entry its declarations
 * @param {string} name of the report
 */
function writeReport(manifest, entry, name) {
  // Only what is exported, and what that needs: whether all of it is documented, TypeDoc tells better.
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
