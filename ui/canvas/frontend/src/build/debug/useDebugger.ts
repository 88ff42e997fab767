import { useStore } from 'zustand'
import { useBuild } from '../state'
import type { DebuggerState } from './debugger'

export function useDebugger<T>(select: (state: DebuggerState) => T): T {
  return useStore(useBuild().debugger.store, select)
}
