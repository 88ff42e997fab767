import { ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { useCallback, useEffect, useRef, useState, type ReactElement } from 'react'
import { byName, type Kind } from '../model/kinds'
import { Bar } from './bar/Bar'
import { SaveNotice } from './bar/SaveState'
import { Canvas } from './canvas/Canvas'
import { useKeyboard } from './keyboard'
import { Reference } from './Reference'
import { loadModels, loadSpaces } from './models'
import { Palette } from './palette/Palette'
import { reveal } from './palette/place'
import { Panel } from './panel/Panel'
import { Problems } from './Problems'
import { ChangedDialog } from './debug/ChangedDialog'
import { Fork } from './debug/Fork'
import { useStops } from './debug/useStops'
import { Describe } from '../describe/Describe'
import { Drawer } from './run/Drawer'
import type { Options } from './run/runner'
import { firstInputs, readInputs, tried, type Inputs } from './run/InputsForm'
import { Over } from '../merge/Over'
import { History } from './history/History'
import { Help, LiveRegion, Outline, Toast } from './Sheets'
import { BuildContext, useBuild, useDoc, useRun, useSession, useUi, type Build } from './state'
import { WireList } from './WireList'

export function BuildPage({ build, run, firstVisit }: { build: Build; run: string | null; firstVisit: boolean }): ReactElement {
  return (
    <BuildContext.Provider value={build}>
      <ReactFlowProvider>
        <Loader run={run} firstVisit={firstVisit} />
      </ReactFlowProvider>
    </BuildContext.Provider>
  )
}

function Loader({ run, firstVisit }: { run: string | null; firstVisit: boolean }): ReactElement {
  const build = useBuild()
  const ready = useSession((state) => state.doc !== null)
  const sync = useSession((state) => state.sync)
  const problem = useSession((state) => state.problem)
  const kinds = useUi((ui) => Object.keys(ui.kinds).length)
  const [error, setError] = useState<string | null>(null)
  useEffect(() => {
    if (build.session.store.getState().doc) build.session.reopen()
    else void build.session.open()
    if (!kinds) build.api.get<Kind[]>('/kinds').then((list) => build.set({ kinds: byName(list) }), (failure: Error) => setError(failure.message))
    void loadModels(build.api)
    void loadSpaces(build.api)
    void build.debugger.loadPins()
    return () => build.session.close()
  }, [build]) // eslint-disable-line
  useEffect(() => {
    if (!ready) return
    if (firstVisit) build.set({ drawer: true, welcome: true })
    build.runner.reattach(run).then(() => {
      if (build.runner.live) build.set({ drawer: true })
      if (build.runner.store.getState().run) build.set({ welcome: false })
    }, () => undefined) // No run to show: the drawer says how to start one.
    return () => build.runner.detach()
  }, [build, ready, run, firstVisit])
  if (sync === 'gone') return <p className="centre">This workflow is not there any more. <button className="btn" onClick={() => build.navigate({ view: 'build', workflow: null })}>Open another</button></p>
  if (!ready || !kinds) return <p className="centre t3">{error ?? problem?.what ?? 'Opening the workflow…'}</p>
  return <Page />
}

function Page(): ReactElement {
  const build = useBuild()
  const drawer = useUi((ui) => ui.drawer)
  const outline = useUi((ui) => ui.outline)
  const describe = useUi((ui) => ui.describe)
  const specs = useDoc((doc) => doc.inputs)
  const [inputs, setInputs] = useInputs()
  const launch = useCallback((options: Options) => {
    build.set({ drawer: true })
    if (build.runner.live) return
    const { values, wrong } = readInputs(specs, inputs)
    const first = Object.entries(wrong)[0]
    if (first) return build.say(`${specs[first[0]]?.title || first[0]}: ${first[1]}`, 'error')
    void build.launch(values, options)
  }, [build, specs, inputs])
  const onRun = useCallback(() => launch({}), [launch])
  const onRunChanged = useCallback(() => launch({ keep: { run: build.debugger.past?.id ?? 'last' } }), [build, launch])
  useKeyboard(onRun, onRunChanged)
  useFollow()
  useStops()
  // A ref rather than an effect: the effects of what is inside already look for it.
  const root = useCallback((element: HTMLDivElement | null) => { build.root = element }, [build])
  return (
    <div className="build" ref={root}>
      <button className="skip" onClick={() => build.set({ outline: true })}>Read the workflow as an outline</button>
      <Bar onRun={onRun} onRunChanged={onRunChanged} />
      <SaveNotice />
      <div className={`work ${drawer ? 'with-drawer' : ''}`}>
        <Palette />
        <div className="mid">
          <Canvas />
          {outline && <Outline />}
          {!drawer && <Problems />}
          <Toast />
          <WireList />
        </div>
        {describe ? <Describe /> : <Panel />}
        {drawer && <Drawer inputs={inputs} setInputs={setInputs} onRun={onRun} onRunChanged={onRunChanged} />}
      </div>
      <History />
      <Over />
      <Help />
      <Reference />
      <ChangedDialog />
      <Fork />
      <LiveRegion />
    </div>
  )
}

/** The run form's boxes; they follow the document until something is written in them. */
function useInputs(): [Inputs, (inputs: Inputs) => void] {
  const specs = useDoc((doc) => doc.inputs)
  const build = useBuild()
  const [written, setWritten] = useState<Inputs | null>(() => tried(build.workflow, specs))
  return [{ ...firstInputs(specs), ...written }, setWritten]
}

/** While a run is live, bring the running node into view, at most once a second, until the reader moves the canvas. */
function useFollow(): void {
  const build = useBuild()
  const flow = useReactFlow()
  const running = useRun((state) => Object.entries(state.picture.nodes).find(([, node]) => node.state === 'running')?.[0] ?? null)
  const last = useRef(0)
  const touched = useRef(false)
  const run = useRun((state) => state.run?.id)
  useEffect(() => { touched.current = false }, [run])
  useEffect(() => {
    const touch = (event: Event): void => {
      if ((event.target as HTMLElement)?.closest?.('.canvas')) touched.current = true
    }
    build.root?.addEventListener('pointerdown', touch)
    build.root?.addEventListener('wheel', touch, { passive: true })
    return () => {
      build.root?.removeEventListener('pointerdown', touch)
      build.root?.removeEventListener('wheel', touch)
    }
  }, [build])
  useEffect(() => {
    if (!running || touched.current || Date.now() - last.current < 1000) return
    last.current = Date.now()
    reveal(build, flow, running)
  }, [running, build, flow])
}
