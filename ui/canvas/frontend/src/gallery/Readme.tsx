import type { ReactElement, ReactNode } from 'react'

/** A template's page: the little Markdown that readmes are written in. Never HTML of the text itself. */
export function Readme({ text }: { text: string }): ReactElement {
  const blocks = text.trim().split(/\n{2,}/).filter((block) => !block.startsWith('# '))
  return <div className="readme">{blocks.map((block, at) => <Block key={at} text={block} />)}</div>
}

function Block({ text }: { text: string }): ReactElement {
  const lines = text.split('\n')
  const items = lines.filter((line) => /^\s*(\d+\.|[-*])\s/.test(line))
  if (items.length === 0) return <p>{inline(text.replaceAll('\n', ' '))}</p>
  const head = lines.slice(0, lines.indexOf(items[0]!)).join(' ')
  const numbered = /^\s*\d/.test(items[0]!)
  const list = items.map((line, at) => <li key={at}>{inline(line.replace(/^\s*(\d+\.|[-*])\s+/, ''))}</li>)
  return <>{head && <p>{inline(head)}</p>}{numbered ? <ol>{list}</ol> : <ul>{list}</ul>}</>
}

/** Bold, emphasis, code and addresses. */
export function inline(text: string): ReactNode[] {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`|https?:\/\/[^\s)]+)/).map((part, at) => {
    if (part.startsWith('**')) return <b key={at}>{part.slice(2, -2)}</b>
    if (part.startsWith('*') && part.length > 2) return <i key={at}>{part.slice(1, -1)}</i>
    if (part.startsWith('`')) return <code key={at}>{part.slice(1, -1)}</code>
    if (/^https?:/.test(part)) return <a key={at} href={part} target="_blank" rel="noreferrer noopener">{part}</a>
    return part
  })
}
