/** The colours of a diagram. */
export interface Theme {
  readonly background: string
  readonly text: string
  readonly muted: string
  /** The way through the layers. */
  readonly line: string
  readonly frame: Hue
  /** What belongs to no stage. */
  readonly neutral: Hue
  /** One a stage, in turn. */
  readonly stages: readonly Hue[]
}

export interface Hue {
  readonly fill: string
  readonly edge: string
  /** For titles and shortcuts. */
  readonly strong: string
}

/** Text on any fill of its theme has a contrast of at least 4.5 : 1. */
export const themes: { readonly light: Theme; readonly dark: Theme } = {
  light: {
    background: '#ffffff',
    text: '#0f172a',
    muted: '#475569',
    line: '#64748b',
    frame: { fill: '#f8fafc', edge: '#e2e8f0', strong: '#334155' },
    neutral: { fill: '#eef2f7', edge: '#a9b6c8', strong: '#475569' },
    stages: [
      { fill: '#e0f2fe', edge: '#6cc4f2', strong: '#0369a1' },
      { fill: '#d5f5ee', edge: '#5fcbb8', strong: '#0f766e' },
      { fill: '#fdf0cd', edge: '#e9b949', strong: '#a04a07' },
      { fill: '#fde6ea', edge: '#f193a5', strong: '#be123c' },
      { fill: '#ece8fe', edge: '#ac9bf5', strong: '#6d28d9' },
    ],
  },
  dark: {
    background: '#0b1220',
    text: '#f1f5f9',
    muted: '#b4c0d2',
    line: '#8a9ab2',
    frame: { fill: '#111a2c', edge: '#24314a', strong: '#cbd5e1' },
    neutral: { fill: '#1e293b', edge: '#52627a', strong: '#a9b8cc' },
    stages: [
      { fill: '#0d2f47', edge: '#1b7fb3', strong: '#56c2f8' },
      { fill: '#0e3431', edge: '#178f82', strong: '#3fd8c3' },
      { fill: '#3b2c0f', edge: '#a9731a', strong: '#fbc34a' },
      { fill: '#421827', edge: '#b8405c', strong: '#fd8ea0' },
      { fill: '#2a2152', edge: '#7658d8', strong: '#b5a3fb' },
    ],
  },
}
