import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { Leaving } from '../../sharing/types'
import { why } from '../../sharing/taking'
import { showOver } from '../../merge/overlay'
import { Icon, type IconName } from '../../style/icons'
import type { Build } from '../state'
import { useBuild } from '../state'
import { Popover } from './Popover'

type Form = 'yaml' | 'bundle' | 'png' | 'link' | 'python'

const FORMS: { form: Form; words: string; icon: IconName; title: string; testid: string }[] = [
  { form: 'yaml', words: 'Download as YAML', icon: 'download', title: 'One readable file', testid: 'share-download' },
  { form: 'bundle', words: 'Download a signed bundle', icon: 'shield', title: 'With the saved workflows it runs, signed with your key', testid: 'share-bundle' },
  { form: 'png', words: 'Download a picture', icon: 'share', title: 'A PNG of the graph that carries the workflow: drop it on a canvas and it opens', testid: 'share-png' },
  { form: 'python', words: 'Python program (LangGraph)', icon: 'code', title: 'A zip with one readable graph.py and its mechanisms: it needs no Nodeloom', testid: 'share-python' },
]

/** The workflow for others: as file, bundle, picture or link; and theirs for you. */
export function Share(): ReactElement {
  const build = useBuild()
  const file = useRef<HTMLInputElement>(null)
  return (
    <>
      <Popover label="Share: file, bundle, picture or link" button={<><Icon name="share" /><span className="lbl">Share</span></>} align="right" testid="share">
        {(close) => (
          <>
            <Before build={build} />
            {FORMS.map(({ form, words, icon, title, testid }) => <button key={form} title={title} onClick={() => { void download(build, form); close() }} data-testid={testid}><Icon name={icon} size={14} />{words}</button>)}
            <hr />
            <button onClick={() => { void copy(build, 'link', 'The link is on the clipboard.'); close() }} data-testid="share-link"><Icon name="fork" size={14} />Copy a link</button>
            <button onClick={() => { void copy(build, 'yaml', 'The YAML is on the clipboard.'); close() }} data-testid="share-copy"><Icon name="copy" size={14} />Copy the YAML</button>
            <hr />
            <button title="What the workflow may do, each to be allowed or refused" onClick={() => { showOver(build, { show: 'permissions' }); close() }} data-testid="share-permissions"><Icon name="hand" size={14} />Permissions…</button>
            <button onClick={() => { file.current?.click(); close() }} data-testid="share-open"><Icon name="file" size={14} />Open a file…</button>
            <p className="xs t3 hint">Or drop a file or picture on the canvas. You see what it may do before it opens.</p>
          </>
        )}
      </Popover>
      <input ref={file} type="file" accept=".yaml,.yml,.json,.png,.nodeloom" hidden aria-label="Workflow file" onChange={(event) => {
        const chosen = event.target.files?.[0]
        event.target.value = ''
        if (chosen) build.choose({ name: chosen.name, content: chosen })
      }} />
    </>
  )
}

/** What keeps it here, and what a person should look at before it leaves. */
function Before({ build }: { build: Build }): ReactElement | null {
  const [leaving, setLeaving] = useState<Leaving | null>(null)
  useEffect(() => {
    void build.session.flush().then(() => build.api.get<Leaving>(`/workflows/${build.workflow}/share`)).then(setLeaving, () => undefined)
  }, [build])
  if (!leaving) return null
  const { leaks, doubts, workflows } = leaving
  return (
    <>
      {leaks.length > 0 && <p className="xs st-failed hint" role="alert" data-testid="share-leaks">It cannot leave: {leaks.slice(0, 3).join('; ')}.</p>}
      {doubts.length > 0 && <p className="xs st-waiting hint">Look again: {doubts.slice(0, 3).join('; ')}.</p>}
      {workflows.length > 0 && <p className="xs t3 hint">The bundle takes along: {workflows.join(', ')}.</p>}
    </>
  )
}

async function made(build: Build, form: Form): Promise<Response> {
  await build.session.flush()
  if (form === 'python') return build.api.send('GET', `/workflows/${build.workflow}/export.zip`)
  const more = form === 'bundle' ? '?signed=true' : form === 'link' ? `?address=${encodeURIComponent(location.origin)}` : ''
  return build.api.send('GET', `/workflows/${build.workflow}/share/${form}${more}`)
}

async function download(build: Build, form: Form): Promise<void> {
  try {
    const response = await made(build, form)
    const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'workflow'
    const url = URL.createObjectURL(await response.blob())
    const link = document.createElement('a')
    link.href = url
    link.download = decodeURIComponent(name)
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  } catch (error) {
    build.say(`Not downloaded. ${why(error)}`, 'error')
  }
}

async function copy(build: Build, form: Form, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(await (await made(build, form)).text())
    build.say(done)
  } catch (error) {
    build.say(`Not copied: ${why(error)} Download the file instead.`, 'error')
  }
}
