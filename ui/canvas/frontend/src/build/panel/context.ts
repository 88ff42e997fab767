import type { Kind, Schema } from '../../model/kinds'

export interface FieldContext {
  /** The node the field belongs to; null for a field of the workflow itself. */
  id: string | null
  kind: Kind | null
  root: Schema
  error: string | null
}
