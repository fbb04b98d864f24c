/**
 * `node document.mjs ROOT REFERENCE`: writes the reference of every entry of every public package as a site, as TypeDoc reads it
 * from the declarations that are published, and fails at every warning: what is exported without a word, what is mentioned and
 * not exported, links that lead nowhere. Called by ../reference.mjs.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Application } from 'typedoc'
import ts from 'typescript'
import { compilerOptions, publicPackages } from './entries.mjs'

const [root, reference] = process.argv.slice(2)
const repository = 'https://github.com/resnet-ts/resnet-ts/blob/main'
/** Where things are defined is left out: what is read is built, and the repository has none of it. */
const shared = { basePath: root, logLevel: 'Warn', disableSources: true }

/**
 * What is mentioned and not exported on purpose, by package: with `Global`, `@resnet-ts/vision` asks for types of a page that the
 * compiler of its user may not know.
 *
 * @type {Readonly<Record<string, string[]>>}
 */
const internal = { '@resnet-ts/vision': ['Global'] }

const packages = publicPackages(root)
const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root)
const program = ts.createProgram(
  packages.flatMap(({ entries }) => entries.map(({ types }) => types)),
  options,
)
const scratch = mkdtempSync(join(tmpdir(), 'resnet-ts-reference-'))
try {
  const files = packages.map((_, index) => join(scratch, `${index}.json`))
  for (const [index, one] of packages.entries()) await read(one, files[index])
  if (!process.exitCode) await write(files)
} finally {
  rmSync(scratch, { recursive: true })
}

/**
 * Reads one package; by itself, since what is mentioned and not exported is looked for in the package of a project alone.
 *
 * @param {import('./entries.mjs').PublicPackage} one
 * @param {string} file of what was read
 */
async function read({ folder, name, entries }, file) {
  const application = await Application.bootstrap({
    ...shared,
    name,
    readme: writeReadme(folder),
    packagesRequiringDocumentation: [name],
    intentionallyNotExported: internal[name] ?? [],
    validation: { notExported: true, notDocumented: true, invalidLink: false },
  })
  const entryPoints = entries.map(({ name, types }) => ({
    displayName: name,
    program,
    sourceFile: program.getSourceFile(types),
  }))
  const project = application.converter.convert(entryPoints)
  project.packageName = name
  application.validate(project)
  await application.generateJson(project, file)
  judge(application)
}

/**
 * The README of a package, whose links lead into the repository: the reference has none of the files beside it.
 *
 * @param {string} folder
 * @returns {string} where it is
 */
function writeReadme(folder) {
  const text = readFileSync(join(folder, 'README.md'), 'utf8')
  const file = join(scratch, 'README.md')
  writeFileSync(
    file,
    text.replace(/\]\((?![a-z]+:|#)([^)]+)\)/g, (_, to) => `](${repository}/${relative(root, join(folder, to))})`),
  )
  return file
}

/** @param {string[]} files what was read of each package */
async function write(files) {
  const application = await Application.bootstrap({
    ...shared,
    name: 'resnet-ts',
    entryPointStrategy: 'merge',
    entryPoints: files,
    readme: 'none',
    validation: { invalidLink: true },
  })
  const project = await application.convert()
  application.validate(project)
  await application.generateDocs(project, reference)
  judge(application)
}

/** @param {Application} application */
function judge({ logger }) {
  if (logger.hasErrors() || logger.hasWarnings()) process.exitCode = 1
}
