/** Versions as the server lists them, and bursts of them: edits that one tab made shortly one after another. */

export interface Version {
  revision: number
  /** Seconds since the epoch. */
  saved_at: number
  label: string
  /** The tab that edited; '' for the program itself. */
  client: string
  /** Operations in it; 0 where the document was replaced whole. */
  edits: number
  name: string
  note: string
}

/** One line of the list: its versions, newest first. */
export interface Burst {
  /** The oldest revision in it: it stays while the burst grows. */
  key: number
  newest: Version
  versions: Version[]
  edits: number
}

const WITHIN_SECONDS = 600

/** Versions, newest first, as bursts. What has a name or a note, is published or was replaced whole stands alone. */
export function bursts(versions: readonly Version[], published: number | null): Burst[] {
  const found: Version[][] = []
  for (const version of versions) {
    const open = found.at(-1)
    if (open && joins(open[0]!, version) && !alone(open[0]!, published) && !alone(version, published)) open.push(version)
    else found.push([version])
  }
  return found.map((each) => ({ key: each.at(-1)!.revision, newest: each[0]!, versions: each, edits: each.reduce((sum, one) => sum + one.edits, 0) }))
}

function joins(newest: Version, version: Version): boolean {
  return version.client === newest.client && newest.saved_at - version.saved_at <= WITHIN_SECONDS
}

function alone(version: Version, published: number | null): boolean {
  return version.edits === 0 || version.client === '' || version.name !== '' || version.note !== '' || version.revision === published
}

/** Older and newer pages together, newest first; where both have a version, `fresh` says how it is. */
export function joined(known: readonly Version[], fresh: readonly Version[]): Version[] {
  const byRevision = new Map([...known, ...fresh].map((each) => [each.revision, each]))
  return [...byRevision.values()].sort((a, b) => b.revision - a.revision)
}
