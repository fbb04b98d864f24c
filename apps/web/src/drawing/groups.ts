import type { ModelGroup } from './api.js'

/** The kinds of models, in the order in which they are offered; a name is of the first that knows it. */
const kinds: readonly (readonly [title: string, names: RegExp])[] = [
  ['He et al. 2015', /^resnet(18|34|50|101|152)$/],
  ['For CIFAR', /^cifar_/],
  ['Keras', /^keras_/],
  ['Gluon', /^gluon_/],
  ['Pre-activation', /^resnetv2_/],
  ['ResNet-RS', /^resnetrs/],
  ['Squeeze and excitation', /^se(net|resnet|resnext)\d/],
  ['Antialiased', /aa\d|blur/],
  ['Efficient channel attention', /^eca/],
  ['Grouped convolutions (ResNeXt)', /^resnext/],
  ['Wide', /^wide_/],
  ['Other stems and depths', /^resnet\d+[a-z]?$|^resnet50_gn$/],
]

/** Models by kind, those of none last. */
export function groupModels(names: readonly string[]): readonly ModelGroup[] {
  const groups = new Map<string, string[]>(kinds.map(([title]) => [title, []]))
  const others: string[] = []
  for (const name of names) {
    const kind = kinds.find(([, pattern]) => pattern.test(name))
    if (kind) groups.get(kind[0])!.push(name)
    else others.push(name)
  }
  if (others.length > 0) groups.set('Others', others)
  return [...groups].filter(([, members]) => members.length > 0).map(([title, members]) => ({ title, names: members }))
}
