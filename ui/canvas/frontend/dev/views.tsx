/** Every view with sample data, as narrow as the live panel and as wide as the trace's: `npm run views`, then open the address. */

import { createRoot } from 'react-dom/client'
import flowCss from '@xyflow/react/dist/base.css?inline'
import buildCss from '../src/build/build.css?inline'
import tokensCss from '../src/style/tokens.css?inline'
import { SAMPLES } from '../src/views/samples'
import { Shown } from '../src/views/Shown'

const host = document.getElementById('root')!.attachShadow({ mode: 'open' })
const style = document.createElement('style')
style.textContent = [flowCss, tokensCss, buildCss, '.nl { color-scheme: light dark; overflow: visible; padding: 16px; } .grid { display: grid; grid-template-columns: 316px 488px; gap: 24px; background: var(--surface); padding: 12px; }'].join('\n')
const page = document.createElement('div')
page.className = 'nl'
host.append(style, page)
const only = new URLSearchParams(location.search).get('only')
const shown = Object.entries(SAMPLES).filter(([name]) => !only || name.includes(only))
createRoot(page).render(
  <div className="grid">{shown.flatMap(([name, view]) => ['narrow', 'wide'].map((width) => <div key={`${name} ${width}`} data-sample={`${name} ${width}`}><Shown value={view} /></div>))}</div>,
)
