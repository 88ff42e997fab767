import { useState } from 'react'
import { Icon } from '../style/icons'
import { problemOf } from './reader'
import type { Comment } from './types'
import { momentText } from './words'

const NAME_KEY = 'nodeloom.author'

export interface CommentActs {
  add: (text: string, author: string) => Promise<void>
  edit: (comment: Comment, text: string) => Promise<void>
  remove: (comment: Comment) => Promise<void>
}

/** What people said about the span, and a field to say more; who writes is asked once and remembered in this browser. */
export function Comments({ comments, acts }: { comments: Comment[]; acts: CommentActs }) {
  const [author, setAuthor] = useState(() => localStorage.getItem(NAME_KEY) ?? '')
  const [text, setText] = useState('')
  const [problem, setProblem] = useState('')
  const send = async () => {
    if (!text.trim() || !author.trim()) return setProblem(author.trim() ? 'Write something first.' : 'Say who you are first.')
    try {
      localStorage.setItem(NAME_KEY, author.trim())
      await acts.add(text, author.trim())
      setText('')
      setProblem('')
    } catch (error) {
      setProblem(problemOf(error).what)
    }
  }
  return (
    <div className="comments">
      {comments.map((comment) => <One key={comment.id} comment={comment} acts={acts} onProblem={setProblem} />)}
      <form onSubmit={(event) => { event.preventDefault(); void send() }}>
        <textarea className="in area" rows={2} maxLength={10_000} value={text} placeholder={comments.length > 0 ? 'Reply' : 'Say something about this step'} aria-label="Comment" data-testid="comment-text"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); void send() } }} />
        <div className="row">
          <input className="in who" maxLength={80} value={author} placeholder="Your name" aria-label="Your name" data-testid="comment-author" onChange={(event) => setAuthor(event.target.value)} />
          <button className="btn sm" type="submit" disabled={!text.trim()} title="Ctrl Enter" data-testid="comment-send">Comment</button>
          {problem && <span className="xs st-failed" role="alert">{problem}</span>}
        </div>
      </form>
    </div>
  )
}

function One({ comment, acts, onProblem }: { comment: Comment; acts: CommentActs; onProblem: (what: string) => void }) {
  const [draft, setDraft] = useState<string | null>(null)
  const attempt = (act: Promise<void>) => void act.then(() => setDraft(null), (error: unknown) => onProblem(problemOf(error).what))
  return (
    <article className="cm" data-testid="comment">
      <span className="avatar" aria-hidden="true">{initials(comment.author)}</span>
      <div className="grow">
        <b>{comment.author}</b> <span className="t3">{momentText(comment.created_at)}{comment.edited_at === null ? '' : ', edited'}</span>
        {draft === null ? <p>{comment.text}</p> : (
          <form onSubmit={(event) => { event.preventDefault(); attempt(acts.edit(comment, draft)) }}>
            <textarea className="in area" rows={2} maxLength={10_000} value={draft} autoFocus aria-label="Edit the comment" onChange={(event) => setDraft(event.target.value)} onKeyDown={(event) => event.key === 'Escape' && setDraft(null)} />
            <div className="row"><button className="btn sm" type="submit" disabled={!draft.trim()}>Save</button><button className="btn ghost sm" type="button" onClick={() => setDraft(null)}>Leave it</button></div>
          </form>
        )}
      </div>
      {draft === null && (
        <span className="cm-acts">
          <button className="btn ghost sm icon" aria-label="Edit the comment" title="Edit" onClick={() => setDraft(comment.text)}><Icon name="edit" size={12} /></button>
          <button className="btn ghost sm icon" aria-label="Remove the comment" title="Remove" onClick={() => attempt(acts.remove(comment))}><Icon name="trash" size={12} /></button>
        </span>
      )}
    </article>
  )
}

function initials(name: string): string {
  return name.trim().split(/\s+/).slice(0, 2).map((part) => part[0] ?? '').join('').toUpperCase() || '?'
}
