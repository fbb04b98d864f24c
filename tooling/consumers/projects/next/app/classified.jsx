'use client'

import { useEffect, useState } from 'react'
import { load } from 'resnet-ts'

async function classify() {
  const model = await load()
  const [best] = await model.classify('/photo.png')
  await model.dispose()
  return JSON.stringify(best)
}

export function Classified() {
  const [best, setBest] = useState('')
  useEffect(() => {
    void classify().then(setBest)
  }, [])
  return <output>{best}</output>
}
