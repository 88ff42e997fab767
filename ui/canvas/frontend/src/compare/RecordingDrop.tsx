import { useRef, useState, type DragEvent, type ReactElement } from 'react'
import { type Api, ApiError } from '../api'
import { Icon } from '../style/icons'

/** A recording from elsewhere becomes a run of this workspace: dropped here, or chosen. */
export function RecordingDrop({ api, onPick }: { api: Api; onPick: (number: string) => void }): ReactElement {
  const [over, setOver] = useState(false)
  const [told, setTold] = useState<{ bad: boolean; text: string } | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return
    setTold({ bad: false, text: `Reading ${file.name}…` })
    try {
      const made = await api.json<{ number: string; title: string }>('POST', '/import/recording', await file.arrayBuffer())
      setTold({ bad: false, text: `${made.title} is here as ${made.number}` })
      onPick(made.number)
    } catch (error) {
      setTold({ bad: true, text: error instanceof ApiError ? `${error.problem.what} ${error.problem.mend ?? ''}` : (error as Error).message })
    }
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <div className={over ? 'recording-drop over' : 'recording-drop'} data-testid="recording-drop" onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <Icon name="file" size={14} />
      <span className={told?.bad ? 'sm st-failed' : 'sm t2'} role={told?.bad ? 'alert' : 'status'}>{told?.text ?? 'Or drop a recording here'}</span>
      <button type="button" className="btn sm" onClick={() => input.current?.click()}>Choose a file…</button>
      <input ref={input} type="file" accept=".json,application/json" hidden data-testid="recording-file" onChange={(event) => { void take(event.target.files?.[0]); event.target.value = '' }} />
    </div>
  )
}
