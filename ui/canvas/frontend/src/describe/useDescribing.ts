import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useBuild, useDoc, useUi } from '../build/state'
import type { Document } from '../model/document'
import { preview } from './accepting'
import { openItems, type DescribeState } from './describing'
import type { Item } from './types'

export function useDescribing<T>(select: (state: DescribeState) => T): T {
  return useStore(useBuild().describing.store, select)
}

const NONE: Item[] = []

/** The items to be drawn: open ones that can be made, while the panel is open. */
export function useOpen(): Item[] {
  const shown = useUi((ui) => ui.describe)
  const turn = useDescribing((state) => state.turns.at(-1))
  return useMemo(() => (shown && turn?.proposal ? openItems(turn).filter((item) => !item.fault) : NONE), [shown, turn])
}

/** The document as it would be. */
export function usePreview(items: Item[]): Document {
  const doc = useDoc((document) => document)
  return useMemo(() => (items.length ? preview(doc, items) : doc), [doc, items])
}

const NOTHING: ReadonlySet<string> = new Set()

/** Ids of the edges that would go, as the canvas names them. */
export function useStruck(): ReadonlySet<string> {
  const items = useOpen()
  return useMemo(() => {
    const cut = items.flatMap((item) => item.ops).flatMap((op) => (op.op === 'disconnect' ? [`${op.sort}:${op.edge}`] : []))
    return cut.length ? new Set(cut) : NOTHING
  }, [items])
}
