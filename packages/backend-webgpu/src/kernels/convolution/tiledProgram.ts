import { type Program, workgroupIndex } from '../../program.js'
import { each } from '../wgsl.js'
import { type ConvolutionForm, epilogueUniforms, finishFunction, inputsOf, keyOf, weightFunction } from './epilogue.js'
import { columns4Of, rowsOf, type Tile } from './tile.js'

/** A convolution as a product of matrices. */
export interface TiledForm extends ConvolutionForm {
  readonly tile: Tile
  /** A kernel of one pixel without padding, for which nothing has to be looked for outside the map. */
  readonly pointwise: boolean
}

const tiledUniforms = [
  ...['height', 'width', 'channels', 'outHeight', 'outWidth', 'places'],
  ...['strideY', 'strideX', 'paddingY', 'paddingX', 'dilationY', 'dilationX', 'kernelY', 'kernelX'],
  ...['groups', 'groupChannels', 'filters', 'filters4', 'depth', 'columnTiles'],
  ...epilogueUniforms,
] as const

/**
 * Convolution as an implicit product of matrices: rows are places of the result, columns are filters, and the depth goes
 * over the taps and, within each, the input channels. The matrix of inputs is never written down: each thread fetches a
 * few of its elements into workgroup memory, always of the same rows, so that it works out once where they begin.
 *
 * `channels`, `groupChannels` are counted in elements of `x`; the depth is in values, a multiple of 32.
 */
export function tiledProgram(form: TiledForm): Program {
  const { tile, pointwise } = form
  const { threadRows, threadColumns, ownRows, ownColumns4, teams } = tile
  const depth4 = tile.depth / 4
  const threads = threadRows * threadColumns
  /** Rows that are fetched at a time, four values of depth of each. */
  const fetchedRows = threads / depth4
  const fetches = rowsOf(tile) / fetchedRows
  const weightFetches = (tile.depth * columns4Of(tile)) / threads
  return {
    key: `convolution ${tile.name} ${pointwise ? 'pointwise' : 'window'} ${keyOf(form)}`,
    inputs: inputsOf(form),
    outputComponents: form.outComponents,
    uniforms: tiledUniforms,
    workgroupSize: [threadColumns, threadRows, teams],
    code: `
      ${weightFunction(form)}
      ${workgroupIndex}
      ${finishFunction(form)}
      ${fetchFunction(form)}
      // A four more than is used: rows would begin in the same bank of memory.
      var<workgroup> inputs: array<array<array<T4, ${depth4 + 1}>, ${rowsOf(tile)}>, ${teams}>;
      var<workgroup> weights: array<array<array<T4, ${columns4Of(tile)}>, ${tile.depth}>, ${teams}>;
      ${teams > 1 ? `var<workgroup> teamSums: array<array<vec4<f32>, ${ownRows * ownColumns4}>, ${threads}>;` : ''}

      fn main(index: i32) {
        let column = i32(localId.x);
        let row = i32(localId.y);
        let own = row * ${threadColumns} + column;
        let team = ${teams > 1 ? 'i32(localId.z)' : '0'};
        let columnTile = workgroupIndex() % uniforms.columnTiles;
        let group = workgroupIndex() / uniforms.columnTiles % uniforms.groups;
        // Tiles beyond the last have rows beyond the last: they compute nothing that is written.
        let firstRow = workgroupIndex() / (uniforms.columnTiles * uniforms.groups) * ${rowsOf(tile)};
        let lane = own % ${depth4};
        let fetchedRow = own / ${depth4};
        var corners: array<vec3<i32>, ${fetches}>;
        for (var i = 0; i < ${fetches}; i++) { corners[i] = cornerOf(firstRow + fetchedRow + i * ${fetchedRows}); }
        ${startOfDepth(form)}
        let firstWeight = (group * uniforms.depth + team * ${tile.depth}) * uniforms.filters4;
        ${overSums(tile, (index) => `var sum${index} = vec4<f32>(0.0);`)}

        for (var start = 0; start < uniforms.depth; start += ${tile.depth * teams}) {
          ${placeOfDepth(form)}
          for (var i = 0; i < ${fetches}; i++) {
            inputs[team][fetchedRow + i * ${fetchedRows}][lane] = ${fetch(form, 'corners[i]')};
          }
          ${nextDepth(form)}
          for (var i = 0; i < ${weightFetches}; i++) {
            let level = (own + i * ${threads}) / ${columns4Of(tile)};
            let ownColumn = (own + i * ${threads}) % ${columns4Of(tile)};
            let filter4 = columnTile * ${columns4Of(tile)} + ownColumn;
            if (filter4 < uniforms.filters4) {
              weights[team][level][ownColumn] = weightAt(firstWeight + (start + level) * uniforms.filters4 + filter4);
            }
          }
          workgroupBarrier();
          ${multiply(form)}
          workgroupBarrier();
        }
        var sums: array<vec4<f32>, ${ownRows * ownColumns4}>;
        ${overSums(tile, (index) => `sums[${index}] = sum${index};`)}
        ${teams > 1 ? addTeams(form) : ''}
        for (var i = 0; i < ${ownRows * ownColumns4}; i++) {
          let place = firstRow + row + i / ${ownColumns4} * ${threadRows};
          let filter4 = columnTile * ${columns4Of(tile)} + column + i % ${ownColumns4} * ${threadColumns};
          if (place < uniforms.places && filter4 < uniforms.filters4${teams > 1 ? ' && team == 0' : ''}) {
            finish(sums[i], place, group, filter4);
          }
        }
      }`,
  }
}

/**
 * The inner product, written out: sums in an array may end in memory rather than in registers. With 16-bit floats those
 * of a tile are summed up in 16 bits, and tiles in 32.
 */
function multiply({ tile, f16 }: TiledForm): string {
  const { threadRows, threadColumns, ownRows, ownColumns4 } = tile
  const to = f16 ? 'part' : 'sum'
  const overColumns = (line: (column: number) => string) => each(ownColumns4, line)
  return `
    ${f16 ? overSums(tile, (index) => `var part${index} = T4(0.0);`) : ''}
    for (var level4 = 0; level4 < ${tile.depth / 4}; level4++) {
      ${each(4, (level) => overColumns((c) => `let weight${level}_${c} = weights[team][4 * level4 + ${level}][column + ${c * threadColumns}];`))}
      ${each(
        ownRows,
        (r) => `let input${r} = inputs[team][row + ${r * threadRows}][level4];
        ${overColumns((c) => `${to}${r * ownColumns4 + c} += input${r}.x * weight0_${c} + input${r}.y * weight1_${c} + input${r}.z * weight2_${c} + input${r}.w * weight3_${c};`)}`,
      )}
    }
    ${f16 ? overSums(tile, (index) => `sum${index} += vec4<f32>(part${index});`) : ''}`
}

function overSums({ ownRows, ownColumns4 }: Tile, line: (index: number) => string): string {
  return each(ownRows * ownColumns4, line)
}

/** The first team gets what the others have, one after another through the same memory. */
function addTeams({ tile }: TiledForm): string {
  const { ownRows, ownColumns4, teams } = tile
  const forSums = (line: string) => `for (var i = 0; i < ${ownRows * ownColumns4}; i++) { ${line} }`
  return `
    for (var other = 1; other < ${teams}; other++) {
      if (team == other) { ${forSums('teamSums[own][i] = sums[i];')} }
      workgroupBarrier();
      if (team == 0) { ${forSums('sums[i] += teamSums[own][i];')} }
      workgroupBarrier();
    }`
}

/** Where a row of the matrix begins: `cornerOf(row)`, its image, and the place of the window's first tap. */
function fetchFunction({ pointwise, inComponents }: TiledForm): string {
  const type = inComponents === 4 ? 'vec4<f32>' : 'f32'
  return `
    // The first element of the image's pixels; the row and the column, far outside for places that are not there.
    fn cornerOf(place: i32) -> vec3<i32> {
      let image = place / (uniforms.outHeight * uniforms.outWidth);
      let row = place / uniforms.outWidth % uniforms.outHeight * uniforms.strideY - uniforms.paddingY;
      let column = place % uniforms.outWidth * uniforms.strideX - uniforms.paddingX;
      let isThere = place < uniforms.places;
      return select(vec3<i32>(0, -1000000, 0), vec3<i32>(image * uniforms.height, row, column), isThere);
    }
    fn inputAt(corner: vec3<i32>, tapRow: i32, tapColumn: i32, channel: i32) -> ${type} {
      let row = corner.y + tapRow * uniforms.dilationY;
      let column = corner.z + tapColumn * uniforms.dilationX;
      ${
        pointwise
          ? 'if (row < 0) { return INPUT(0.0); }'
          : `if (row < 0 || row >= uniforms.height || column < 0 || column >= uniforms.width) { return INPUT(0.0); }`
      }
      return x[((corner.x + row) * uniforms.width + column) * uniforms.channels + channel];
    }
    ${inComponents === 1 ? levelFunction : ''}`.replaceAll('INPUT', type)
}

/** The value at a level of the depth, where it may be of any tap. */
const levelFunction = `
    fn levelAt(corner: vec3<i32>, level: i32, group: i32) -> T {
      let tap = level / uniforms.groupChannels;
      let tapRow = tap / uniforms.kernelX;
      if (tapRow >= uniforms.kernelY) { return T(0.0); }
      let channel = group * uniforms.groupChannels + level % uniforms.groupChannels;
      return T(inputAt(corner, tapRow, tap % uniforms.kernelX, channel));
    }`

/**
 * With four channels an element, a thread follows the tap and the channel that it fetches from load to load; with one,
 * each four of them may be of several taps, and each is worked out.
 */
function startOfDepth({ inComponents, tile }: TiledForm): string {
  if (inComponents === 1) return ''
  return `
    var tapRow = 0;
    var tapColumn = 0;
    var channel = lane + team * ${tile.depth / 4};`
}

function placeOfDepth({ inComponents, pointwise, tile }: TiledForm): string {
  if (inComponents === 1) return `let firstLevel = start + team * ${tile.depth} + 4 * lane;`
  if (pointwise) return 'let isThere = channel < uniforms.groupChannels;'
  return `
    while (channel >= uniforms.groupChannels) {
      channel -= uniforms.groupChannels;
      tapColumn++;
      if (tapColumn == uniforms.kernelX) { tapColumn = 0; tapRow++; }
    }
    let isThere = tapRow < uniforms.kernelY;`
}

function nextDepth({ inComponents, tile }: TiledForm): string {
  return inComponents === 1 ? '' : `channel += ${(tile.depth / 4) * tile.teams};`
}

function fetch({ inComponents, pointwise }: TiledForm, corner: string): string {
  if (inComponents === 1) {
    const parts = [0, 1, 2, 3].map((part) => `levelAt(${corner}, firstLevel + ${part}, group)`)
    return `T4(${parts.join(', ')})`
  }
  const taps = pointwise ? '0, 0' : 'tapRow, tapColumn'
  return `T4(select(vec4<f32>(0.0), inputAt(${corner}, ${taps}, group * uniforms.groupChannels + channel), isThere))`
}
