// What a value is, by its shape alone.
import type { Artifact, Message } from './types'

export function isMessages(value: unknown): value is Message[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => isRecord(each) && typeof each['role'] === 'string' && 'content' in each)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isArtifact(value: unknown): value is Artifact {
  return isRecord(value) && typeof value['$artifact'] === 'string'
}

export function isDocuments(value: unknown): value is { text: string }[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => isRecord(each) && typeof each['text'] === 'string')
}
