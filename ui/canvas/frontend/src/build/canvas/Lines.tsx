/** Plain text with paragraphs and **bold**; never HTML. */

import type { ReactElement } from 'react'

export function Lines({ text }: { text: string }): ReactElement {
  return (
    <>
      {text.split(/\n{2,}/).map((paragraph, index) => (
        <p key={index}>
          {paragraph.split(/\*\*([^*\n]+)\*\*/).map((part, at) => (at % 2 ? <b key={at}>{part}</b> : part))}
        </p>
      ))}
    </>
  )
}
