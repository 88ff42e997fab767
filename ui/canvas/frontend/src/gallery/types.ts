/** What the server says of the gallery (`ui/api/gallery.py`). */

export interface Card {
  slug: string
  title: string
  /** Name of the system in the literature; '' for a template of our own. */
  system: string
  summary: string
  mechanism: string
  paper: string
  family: string
  row: string | null
  priority: string
  status: string
  nodes: number
  kinds: string[]
  needs: string[]
  structure: string[]
  calls: number | null
  tokens: number | null
  cost: string
  recorded: boolean
  miniature: string
}

export interface Missing {
  row: string
  name: string
  family: string
  why: string
}

export interface Shelf {
  cards: Card[]
  missing: Missing[]
}

export interface Scored {
  slug: string
  score: number
}
