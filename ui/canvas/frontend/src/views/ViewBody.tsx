/** Draws a view. Its own chunk with its own style, loaded when the first view is shown. */

import type { ReactElement } from 'react'
import { Graph, Table } from './Data'
import { Plan } from './Plan'
import { Refinement } from './Refinement'
import { Search } from './Search'
import { Ballots, Chat, Debate } from './Talk'
import type { View } from './types'
import css from './views.css?inline'

export default function ViewBody({ view }: { view: View }): ReactElement {
  return <div className="view" data-view={view.type}><style>{css}</style><Body view={view} /></div>
}

function Body({ view }: { view: View }): ReactElement {
  switch (view.type) {
    case 'plan': return <Plan view={view} />
    case 'search': return <Search view={view} />
    case 'debate': return <Debate view={view} />
    case 'refinement': return <Refinement view={view} />
    case 'ballots': return <Ballots view={view} />
    case 'chat': return <Chat view={view} />
    case 'table': return <Table view={view} />
    case 'graph': return <Graph view={view} />
  }
}
