import { useRef, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import type { Build } from '../state'
import { useBuild } from '../state'
import { Popover } from './Popover'

/** The workflow as one file: download or copy it, or open one. */
export function Share(): ReactElement {
  const build = useBuild()
  const file = useRef<HTMLInputElement>(null)
  return (
    <>
      <Popover label="Share: the workflow as one file" button={<><Icon name="share" /><span className="lbl">Share</span></>} align="right" testid="share">
        {(close) => (
          <>
            <button onClick={() => { void download(build); close() }} data-testid="share-download"><Icon name="download" size={14} />Download as YAML</button>
            <button onClick={() => { void copy(build); close() }} data-testid="share-copy"><Icon name="copy" size={14} />Copy the YAML</button>
            <hr />
            <button onClick={() => { file.current?.click(); close() }} data-testid="share-open"><Icon name="file" size={14} />Open a YAML file…</button>
            <p className="xs t3 hint">Or drop a file on the canvas. A workflow holds no keys and no code.</p>
          </>
        )}
      </Popover>
      <input ref={file} type="file" accept=".yaml,.yml,.json" hidden aria-label="Workflow file" onChange={(event) => {
        const chosen = event.target.files?.[0]
        event.target.value = ''
        if (chosen) void openFile(build, chosen)
      }} />
    </>
  )
}

async function yaml(build: Build): Promise<string> {
  await build.session.flush()
  return (await build.api.send('GET', `/workflows/${build.workflow}/yaml`)).text()
}

async function download(build: Build): Promise<void> {
  try {
    const url = URL.createObjectURL(new Blob([await yaml(build)], { type: 'text/yaml' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${build.doc.title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'workflow'}.yaml`
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  } catch (error) {
    build.say(`Not downloaded. ${(error as Error).message}`, 'error')
  }
}

async function copy(build: Build): Promise<void> {
  try {
    await navigator.clipboard.writeText(await yaml(build))
    build.say('The YAML is on the clipboard.')
  } catch (error) {
    build.say(`Not copied: ${(error as Error).message} Download the file instead.`, 'error')
  }
}

const LARGEST = 10_000_000

/** Open a file as a new workflow. */
export async function openFile(build: Build, file: File): Promise<void> {
  if (file.size > LARGEST) return build.say(`${file.name} has ${Math.round(file.size / 1e6)} MB; a workflow may have 10 MB at most.`, 'error')
  try {
    const made = await build.api.post<{ id: string }>('/workflows', { yaml: await file.text() })
    build.navigate({ view: 'build', workflow: made.id })
  } catch (error) {
    const mend = (error as { problem?: { mend?: string } }).problem?.mend ?? ''
    build.say(`${file.name} was not opened. ${(error as Error).message} ${mend}`, 'error')
  }
}
