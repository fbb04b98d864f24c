// What is remembered from visit to visit. Browsers may forbid it; then nothing is.

export function recall<Value>(key: string, isValue: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`resnet-ts:${key}`) ?? 'null')
    return isValue(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`resnet-ts:${key}`, JSON.stringify(value))
  } catch {
    return
  }
}
