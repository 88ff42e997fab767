/**
 * The packaged component: Streamlit calls the default export at mount and whenever its data or theme changes.
 * It is rendered once into the shadow root; later data only reaches the stores. Sessions outlive a mount, so that a
 * change of page keeps document, viewport and undo.
 */

import { StrictMode, type ReactElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import flowCss from '@xyflow/react/dist/base.css?inline'
import { Api } from './api'
import { BuildPage } from './build/BuildPage'
import { Build } from './build/state'
import buildCss from './build/build.css?inline'
import cardCss from './build/cards.css?inline'
import debugCss from './build/debug/debug.css?inline'
import historyCss from './build/history/history.css?inline'
import describeCss from './describe/describe.css?inline'
import drawerCss from './build/drawer.css?inline'
import tokensCss from './style/tokens.css?inline'
import mergeCss from './merge/merge.css?inline'
import sharingCss from './sharing/sharing.css?inline'
import { CompareHost } from './CompareHost'
import { GalleryHost } from './GalleryHost'
import { Imports } from './sharing/Imports'
import { followTheme } from './theme'
import { TraceHost } from './TraceHost'

export interface MountData {
  view: 'build' | 'trace' | 'compare' | 'gallery'
  token: string
  api: string
  workflow: string | null
  run: string | null
  span?: string | null
  /** Of a comparison: the two runs. */
  left?: string | null
  right?: string | null
  firstVisit: boolean
  navHeight: number
}

export interface MountArgs {
  parentElement: HTMLElement | ShadowRoot
  data: MountData
  setStateValue: (name: string, value: unknown) => void
}

interface Mounted {
  root: Root
  host: HTMLElement
  /** Draws the page anew from the last data; also called when the theme changes. */
  draw: () => void
  stopTheme: () => void
}

const mounted = new WeakMap<object, Mounted>()
const builds = new Map<string, Build>()
let api: Api | null = null

export default function mount({ parentElement, data, setStateValue }: MountArgs): () => void {
  const instance = mounted.get(parentElement) ?? create(parentElement)
  instance.host.style.height = `calc(100dvh - ${data.navHeight ?? 56}px)`
  const navigate = (place: object): void => setStateValue('location', { ...place, at: Date.now() })
  instance.draw = () => instance.root.render(<StrictMode>{page(data, instance.host.style.colorScheme, navigate)}</StrictMode>)
  instance.draw()
  return () => {
    instance.stopTheme()
    instance.root.unmount()
    instance.host.remove()
    mounted.delete(parentElement)
  }
}

function create(parent: HTMLElement | ShadowRoot): Mounted {
  const style = document.createElement('style')
  style.textContent = [flowCss, tokensCss, buildCss, cardCss, drawerCss, debugCss, historyCss, describeCss, sharingCss, mergeCss].join('\n')
  const host = document.createElement('div')
  host.className = 'nl'
  parent.append(style, host)
  const instance: Mounted = { root: createRoot(host), host, draw: () => undefined, stopTheme: () => undefined }
  instance.stopTheme = followTheme(host, () => instance.draw())
  mounted.set(parent, instance)
  return instance
}

function page(data: MountData, theme: string, navigate: (place: object) => void): ReactElement {
  api ??= new Api(data.api || '/api', data.token)
  api.renew(data.token)
  // Streamlit runs its script again for whatever a page says, but not when it finds its server again.
  api.askToken = () => navigate({})
  if (data.view === 'trace') return <TraceHost api={api} data={data} theme={theme} navigate={navigate} />
  if (data.view === 'compare') return <CompareHost api={api} data={data} navigate={navigate} />
  if (data.view === 'gallery') return <Imports api={api} navigate={navigate}>{(choose) => <GalleryHost api={api!} navigate={navigate} choose={choose} />}</Imports>
  if (!data.workflow) return <p className="centre t3">No workflow is open. Choose one from the gallery.</p>
  let build = builds.get(data.workflow)
  if (!build) builds.set(data.workflow, (build = new Build(api, data.workflow)))
  build.navigate = navigate
  if (new URLSearchParams(location.search).has('debug')) Object.assign(window, { nodeloom: build })
  const opened = build
  return <Imports api={api} navigate={navigate}>{(choose) => {
    opened.choose = choose
    return <BuildPage key={data.workflow} build={opened} run={data.run} firstVisit={data.firstVisit} />
  }}</Imports>
}
